import { Link } from '@tanstack/react-router'
import { Alert, App, Select, Switch } from 'antd'
import { Fragment } from 'react'
import { useTranslation } from 'react-i18next'
import { useMay } from '@/api/catalogue'
import {
  type KindChanges,
  type KindSetting,
  type Mailing,
  mailings,
  type NotificationSettings as Settings,
  useChangeNotificationSettings,
  useNotificationSettings,
} from '@/api/notifications'
import { openNotifications } from '@/modules/notifications/state'
import { Card } from '@/ui/Page'
import { TextSkeleton } from '@/ui/Skeletons'
import { EmptyState, ErrorState, problemText } from '@/ui/states'
import { desktopState, showOnDesktop, switchDesktop, useDesktopState } from '../notifications/desktop'
import css from './notifications.module.css'

/** What one is told, and how. */
export function NotificationSettings() {
  const { t } = useTranslation('notifications')
  const settings = useNotificationSettings()
  return (
    <>
      <Card title={t('prefs.title')}>
        <p className={css.lead}>{t('prefs.text')}</p>
        {settings.isPending && <TextSkeleton lines={6} />}
        {settings.isError && !settings.data && (
          <ErrorState error={settings.error} onRetry={() => void settings.refetch()} compact />
        )}
        {settings.data && <Matrix settings={settings.data} />}
      </Card>
      <Desktop />
    </>
  )
}

function MailHint({ settings }: { settings: Settings }) {
  const { t } = useTranslation('notifications')
  const admin = useMay('administer')
  if (!settings.mail_available) {
    return (
      <Alert
        type="info"
        showIcon
        className={css.hint}
        title={t(admin ? 'prefs.noMailAdmin' : 'prefs.noMail')}
        action={admin && <Link to="/admin/notifications">{t('prefs.setUpMail')}</Link>}
      />
    )
  }
  if (!settings.email) {
    return <Alert type="warning" showIcon className={css.hint} title={t('prefs.noAddress')} />
  }
  return <p className={css.lead}>{t('prefs.sentTo', { email: settings.email })}</p>
}

interface Group {
  name: string
  label: string
  kinds: KindSetting[]
}

const grouped = (kinds: KindSetting[]) => {
  const groups = new Map<string, Group>()
  for (const k of kinds) {
    const group = groups.get(k.group.name) ?? { ...k.group, kinds: [] }
    group.kinds.push(k)
    groups.set(k.group.name, group)
  }
  return [...groups.values()]
}

function Matrix({ settings }: { settings: Settings }) {
  const { t } = useTranslation('notifications')
  const { message } = App.useApp()
  const { mutate } = useChangeNotificationSettings()
  const mailing = settings.mail_available && Boolean(settings.email)
  const change = (changes: KindChanges) =>
    mutate(changes, { onError: (e) => void message.error(problemText(e) || t('prefs.failed')) })
  if (settings.kinds.length === 0)
    return <EmptyState compact title={t('prefs.none')} text={t('prefs.noneText')} />

  const cell = (kind: string, channel: 'inApp' | 'mail') =>
    t('prefs.cell', { kind, channel: t(`prefs.${channel}`) })
  const options = mailings.map((value) => ({ value, label: t(`prefs.mailOf.${value}`) }))
  const each = (group: Group, to: KindChanges[string]) =>
    change(Object.fromEntries(group.kinds.map((k) => [k.kind, to])))

  return (
    <>
      <MailHint settings={settings} />
      <table className={css.matrix}>
        <thead>
          <tr>
            <th scope="col">{t('prefs.kind')}</th>
            <th scope="col">{t('prefs.inApp')}</th>
            <th scope="col">{t('prefs.mail')}</th>
          </tr>
        </thead>
        <tbody>
          {grouped(settings.kinds).map((group) => {
            const name = group.label || t('prefs.general')
            const all = t('prefs.allIn', { group: name })
            const mails = new Set(group.kinds.map((k) => k.mail))
            return (
              <Fragment key={group.name}>
                <tr className={css.group}>
                  <th scope="rowgroup">{name}</th>
                  {group.kinds.length > 1 ? (
                    <>
                      <td>
                        <Switch
                          size="small"
                          checked={group.kinds.every((k) => k.in_app)}
                          aria-label={cell(all, 'inApp')}
                          onChange={(in_app) => each(group, { in_app })}
                        />
                      </td>
                      <td>
                        <Select<Mailing>
                          size="small"
                          className={css.mail}
                          value={mails.size === 1 ? group.kinds[0]?.mail : undefined}
                          placeholder="—"
                          options={options}
                          disabled={!mailing}
                          aria-label={cell(all, 'mail')}
                          onChange={(mail) => each(group, { mail })}
                        />
                      </td>
                    </>
                  ) : (
                    <td colSpan={2} />
                  )}
                </tr>
                {group.kinds.map((k) => (
                  <tr key={k.kind} className={css.one}>
                    <th scope="row">{k.label}</th>
                    <td>
                      <Switch
                        size="small"
                        checked={k.in_app}
                        aria-label={cell(k.label, 'inApp')}
                        onChange={(in_app) => change({ [k.kind]: { in_app } })}
                      />
                    </td>
                    <td>
                      <Select<Mailing>
                        size="small"
                        className={css.mail}
                        value={k.mail}
                        options={options}
                        disabled={!mailing}
                        aria-label={cell(k.label, 'mail')}
                        onChange={(mail) => change({ [k.kind]: { mail } })}
                      />
                    </td>
                  </tr>
                ))}
              </Fragment>
            )
          })}
        </tbody>
      </table>
    </>
  )
}

function Desktop() {
  const { t } = useTranslation('notifications')
  const { message } = App.useApp()
  const state = useDesktopState()
  const set = async (on: boolean) => {
    const now = await switchDesktop(on)
    if (!on) return
    if (now === 'on')
      showOnDesktop('guanxi-test', t('desktop.test'), t('desktop.testText'), openNotifications)
    else if (desktopState() === 'denied') message.warning(t('desktop.denied'), 6)
  }
  return (
    <Card title={t('desktop.title')}>
      <p className={css.lead}>{t('desktop.text')}</p>
      {state === 'missing' ? (
        <p className={css.quiet}>{t('desktop.missing')}</p>
      ) : (
        <>
          {/* biome-ignore lint/a11y/noLabelWithoutControl: the switch is inside */}
          <label className={css.desktop}>
            <Switch checked={state === 'on'} disabled={state === 'denied'} onChange={(on) => void set(on)} />
            <span>{t('desktop.label')}</span>
          </label>
          {state === 'denied' && <p className={css.quiet}>{t('desktop.denied')}</p>}
        </>
      )}
    </Card>
  )
}
