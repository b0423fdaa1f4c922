import { SafetyOutlined, SwapOutlined } from '@ant-design/icons'
import { useNavigate } from '@tanstack/react-router'
import { Alert, Button, Drawer, Form } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useMay } from '@/api/catalogue'
import { type ApiError, isApiError, randomKey } from '@/api/client'
import { useAct, useCreate, useUpdate } from '@/api/mutations'
import { usePasswordRules } from '@/api/signIn'
import type { ObjectDef, RecordData } from '@/api/types'
import { problemText } from '@/ui/states'
import { useDraft } from '@/ui/useDraft'
import { FieldRows, missingOf } from './FieldRows'
import { PasswordInput, strongEnough } from './PasswordInput'
import { RoleChoices } from './RoleChoices'

interface Props {
  object: ObjectDef
  user?: RecordData
  onClose(): void
  onRights(user: RecordData): void
}

export function UserDrawer({ object, user, onClose, onRights }: Props) {
  const { t } = useTranslation('admin')
  const { t: app } = useTranslation()
  const rules = usePasswordRules()
  const { t: handover } = useTranslation('handover')
  const navigate = useNavigate()
  const create = useCreate('user')
  const update = useUpdate('user')
  const administers = useMay('administer')
  const act = useAct('user')
  const draft = useDraft<Record<string, unknown>>(user ? `user:${user.id}` : 'user:new', {})
  const [password, setPassword] = useState('')
  const [missing, setMissing] = useState<string[]>([])
  const [error, setError] = useState<ApiError | null>(null)
  const [key] = useState(randomKey)
  const [made, setMade] = useState<RecordData>()
  const busy = create.isPending || update.isPending || act.isPending

  const names = (object.layout.create?.fields ?? Object.keys(object.fields)).filter((n) => n !== 'roles')
  const roles = object.fields.roles
  const values = { ...(user ?? { roles: roles?.default ?? ['member'] }), ...draft.value }
  const weak = password !== '' && !strongEnough(password, rules)

  const save = async () => {
    const empty = missingOf(object, [...names, 'roles'], values)
    setMissing(empty)
    if (empty.length > 0 || weak) return
    setError(null)
    try {
      let saved = made ?? user
      if (user) {
        const changed = Object.fromEntries(Object.entries(draft.value).filter(([n]) => n in object.fields))
        if (Object.keys(changed).length > 0) {
          saved = await update.mutateAsync({ record: user, values: changed, quiet: true, silent: true })
        }
      } else if (!saved) {
        saved = await create.mutateAsync({
          values: { ...values, id: undefined, version: undefined },
          idempotencyKey: key,
        })
        // From here on the user exists: a refused password must not make him a second time.
        setMade(saved)
      }
      if (password !== '' && saved) {
        await act.mutateAsync({ id: saved.id, action: 'set_password', input: { password }, quiet: true })
      }
      draft.clear()
      onClose()
    } catch (e) {
      if (isApiError(e)) setError(e)
    }
  }

  const named = error?.problem.errors?.some((e) => e.field in object.fields)
  return (
    <Drawer
      open
      size={520}
      title={user ? t('users.editTitle', { name: String(user.name ?? '') }) : t('users.add')}
      onClose={onClose}
      extra={
        user &&
        administers && (
          <>
            <Button
              type="text"
              icon={<SwapOutlined aria-hidden />}
              onClick={() => void navigate({ to: '/admin/handovers/new/$user', params: { user: user.id } })}
            >
              {handover('menu')}
            </Button>
            <Button type="text" icon={<SafetyOutlined aria-hidden />} onClick={() => onRights(user)}>
              {t('users.rights')}
            </Button>
          </>
        )
      }
      footer={
        <div style={{ display: 'flex', gap: 8, justifyContent: 'flex-end' }}>
          <Button onClick={onClose}>{app('action.cancel')}</Button>
          <Button type="primary" loading={busy} onClick={() => void save()}>
            {app('action.save')}
          </Button>
        </div>
      }
    >
      {draft.restoredAt && (
        <Alert
          type="info"
          showIcon
          style={{ marginBottom: 16 }}
          title={t('draft.restored')}
          action={
            <Button size="small" type="text" onClick={draft.clear}>
              {t('draft.discard')}
            </Button>
          }
        />
      )}
      {error && !named && (
        <Alert
          type="error"
          showIcon
          style={{ marginBottom: 16 }}
          role="alert"
          title={made ? t('users.passwordRefused') : app('feedback.notSaved')}
          description={problemText(error) || app('state.failedText')}
        />
      )}
      <Form layout="vertical" component={false}>
        <FieldRows
          object={object}
          names={names}
          values={values}
          onChange={(name, v) => draft.set((old) => ({ ...old, [name]: v }))}
          error={error}
          missing={missing}
        />
        {roles && roles.writable !== false && (
          <RoleChoices
            field={roles}
            value={values.roles}
            onChange={(v) => draft.set((old) => ({ ...old, roles: v }))}
            trouble={
              error?.forField('roles') ?? (missing.includes('roles') ? t('users.needRole') : undefined)
            }
          />
        )}
        {!user && (
          <PasswordInput
            value={password}
            onChange={setPassword}
            label={t('users.firstPassword')}
            weak={weak}
          />
        )}
      </Form>
    </Drawer>
  )
}
