import { Button, Form, Input } from 'antd'
import { lazy, Suspense, useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { SignInOffers } from '@/api/signIn'
import css from './sign-in.module.css'

// Most servers list none, and the first page of all stays small.
const WorkspaceSelect = lazy(() => import('./WorkspaceSelect'))

interface Props {
  /** As it was typed; empty for the one the server itself chooses. */
  value: string
  offers: SignInOffers | undefined
  trouble?: string
  autoFocus?: boolean
  onChange(name: string): void
}

/** Which workspace: from a list if there is one to be shown, or by its name. */
export function WorkspaceField({ value, offers, trouble, autoFocus, onChange }: Props) {
  const { t } = useTranslation()
  const id = useId()
  const listed = offers?.workspaces ?? []
  const home = offers?.workspace ?? undefined
  const [typing, setTyping] = useState(
    () => value !== '' && value !== home?.name && !listed.some((w) => w.name === value),
  )
  const [focus, setFocus] = useState(autoFocus)
  const choose = listed.length > 0 && !typing
  const input = (
    <Input
      id={id}
      size="large"
      value={value}
      autoFocus={focus}
      autoCapitalize="none"
      autoComplete="off"
      spellCheck={false}
      maxLength={40}
      placeholder={t('signIn.workspaceHint')}
      onChange={(e) => onChange(e.target.value)}
    />
  )
  return (
    <Form.Item
      label={t('signIn.workspace')}
      htmlFor={id}
      validateStatus={trouble ? 'error' : undefined}
      help={trouble}
      extra={
        listed.length > 0 &&
        typing && (
          <Button
            type="link"
            size="small"
            className={css.pick}
            onClick={() => {
              setTyping(false)
              onChange('')
            }}
          >
            {t('signIn.pickWorkspace')}
          </Button>
        )
      }
    >
      {choose ? (
        <Suspense fallback={<Input size="large" disabled />}>
          <WorkspaceSelect
            id={id}
            value={value}
            home={home}
            listed={listed}
            onChange={onChange}
            onOther={() => {
              setTyping(true)
              setFocus(true)
              onChange('')
            }}
          />
        </Suspense>
      ) : (
        input
      )}
    </Form.Item>
  )
}
