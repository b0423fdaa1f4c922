import { AppstoreOutlined, PlusOutlined } from '@ant-design/icons'
import { Button, Segmented, Tooltip } from 'antd'
import { lazy, Suspense, useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { can, useObject } from '@/api/catalogue'
import { useAggregate } from '@/api/records'
import { usePreference, useViewer } from '@/api/session'
import { useCommands } from '@/ui/commands'
import { useCreateRecord } from '@/ui/create'
import { Page } from '@/ui/Page'
import { EmptyState } from '@/ui/states'
import { fullTime, now, today } from '@/ui/time'
import { midSentence, useLabel } from '@/ui/useLabel'
import { useNow } from '@/ui/useNow'
import { useShortcut } from '@/ui/useShortcut'
import { DeskGrid } from './DeskGrid'
import { has, type Scope } from './filters'
import css from './home.module.css'
import { useDesk } from './useDesk'

const arranging = () => import('./arrange/ArrangeDesk')
const ArrangeDesk = lazy(arranging)

function useGreeting(): string {
  const { t } = useTranslation('home')
  const { name } = useViewer()
  useNow()
  const hour = now().hour()
  const part =
    hour < 5
      ? 'night'
      : hour < 9
        ? 'early'
        : hour < 12
          ? 'morning'
          : hour < 14
            ? 'noon'
            : hour < 18
              ? 'afternoon'
              : 'evening'
  return t(`greeting.${part}`, { name })
}

/**
 * Whose work the desk shows. Whoever leads and has no customers of his own would begin with an empty desk: he begins with that
 * of his department. Undefined until that is known; what he chooses himself is remembered.
 */
function useScope(leads: boolean, administers: boolean): [Scope | undefined, (scope: Scope) => void] {
  const { department } = useViewer()
  const [kept, setScope] = usePreference<Scope | undefined>('home_scope', undefined)
  const asks = has(useObject('customer'), 'owner') && leads && !administers && kept === undefined
  const own = useAggregate(
    'customer',
    { measures: [{ fn: 'count' }], filter: ['owner', '=', 'me'] },
    { enabled: asks },
  )
  // A member sees his own anyway; the switch would only be a riddle.
  if (!leads) return ['mine', setScope]
  if (kept !== undefined) return [kept === 'team' && !department ? 'all' : kept, setScope]
  if (administers) return ['all', setScope]
  if (!asks || own.isError) return ['mine', setScope]
  if (!own.data) return [undefined, setScope]
  if (Number(own.data[0]?.count ?? 0) > 0) return ['mine', setScope]
  return [department ? 'team' : 'all', setScope]
}

/** What to do now, on a desk that everybody arranges for himself. */
export function HomePage() {
  const { t } = useTranslation('home')
  const label = useLabel()
  const greeting = useGreeting()
  const { roles, department } = useViewer()
  const create = useCreateRecord()
  const customer = useObject('customer')
  const followUp = useObject('follow_up')
  const leads = roles.some((r) => r !== 'member')
  const [scope, setScope] = useScope(leads, roles.includes('administrator'))
  const desk = useDesk(leads)
  const [open, setOpen] = useState(false)
  const opener = useRef<HTMLButtonElement>(null)
  const left = useRef(false)
  const arrange = useCallback(() => setOpen(true), [])
  const done = useCallback(() => {
    left.current = true
    setOpen(false)
  }, [])
  // Back to where one came from; the button is on the page again only after it was drawn.
  useEffect(() => {
    if (open || !left.current) return
    left.current = false
    opener.current?.focus()
  }, [open])
  useShortcut('d', arrange, { enabled: !open })
  useCommands(
    useMemo(
      () => [
        {
          id: 'desk:arrange',
          group: 'here' as const,
          title: t('arrange.start'),
          words: 'desk arrange cards widgets',
          icon: 'appstore',
          shortcut: 'D',
          run: arrange,
        },
      ],
      [t, arrange],
    ),
  )

  if (open) {
    return (
      <Suspense fallback={<Page title={t('arrange.title')}>{null}</Page>}>
        <ArrangeDesk desk={desk} onDone={done} />
      </Suspense>
    )
  }
  return (
    <Page
      title={greeting}
      text={<span className={css.date}>{fullTime(today())}</span>}
      actions={
        <div className={`${css.actions} ${leads && scope ? css.withScope : ''}`}>
          {leads && scope && (
            <Segmented<Scope>
              aria-label={t('scope.label')}
              value={scope}
              onChange={setScope}
              options={[
                { value: 'mine', label: t('scope.mine') },
                ...(department ? [{ value: 'team' as const, label: t('scope.team') }] : []),
                { value: 'all', label: t('scope.all') },
              ]}
            />
          )}
          {can(followUp, 'create') && <Button onClick={() => create('follow_up')}>{t('addFollowUp')}</Button>}
          {can(customer, 'create') && (
            <Button type="primary" icon={<PlusOutlined aria-hidden />} onClick={() => create('customer')}>
              {t('add', { object: midSentence(label(customer?.label)) })}
            </Button>
          )}
          <Tooltip title={t('arrange.start')}>
            <Button
              ref={opener}
              className={css.arrange}
              icon={<AppstoreOutlined aria-hidden />}
              aria-label={t('arrange.start')}
              onMouseEnter={() => void arranging()}
              onClick={arrange}
            />
          </Tooltip>
        </div>
      }
    >
      {desk.shown.length > 0 ? (
        scope && <DeskGrid shown={desk.shown} scope={scope} />
      ) : (
        <EmptyState
          icon={<AppstoreOutlined aria-hidden />}
          title={t('empty.title')}
          text={t('empty.text')}
          actions={
            <>
              <Button type="primary" onClick={arrange}>
                {t('arrange.start')}
              </Button>
              <Button onClick={() => desk.reset()}>{t('arrange.reset')}</Button>
            </>
          }
        />
      )}
    </Page>
  )
}
