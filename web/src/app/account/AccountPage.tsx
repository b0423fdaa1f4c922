import { SafetyOutlined } from '@ant-design/icons'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { Button, Segmented, Tabs } from 'antd'
import { lazy, Suspense, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useViewer } from '@/api/session'
import { type Language, languages } from '@/locales'
import { Avatar } from '@/ui/Avatar'
import { Card, Page } from '@/ui/Page'
import { useAppearance } from '../appearance'
import type { ModeChoice } from '../theme'
import { useRoleText } from '../useRoleText'
import css from './account.module.css'
import { CalendarSettings } from './CalendarSettings'
import { NotificationSettings } from './NotificationSettings'
import { PasswordForm } from './PasswordForm'
import { Provider } from './Provider'
import { Sessions } from './Sessions'
import { Tokens } from './Tokens'
import { TwoSteps } from './TwoSteps'

// The screens of administration are fetched when somebody looks at his rights.
const MyRights = lazy(() => import('@/modules/admin').then((m) => ({ default: m.UserRightsDrawer })))

type AccountTab = 'profile' | 'notifications' | 'calendar'

export function AccountPage() {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const { tab = 'profile' } = useSearch({ strict: false }) as { tab?: AccountTab }
  return (
    <Page title={t('account.title')} narrow>
      <Tabs
        activeKey={tab}
        aria-label={t('account.tabs')}
        onChange={(key) =>
          void navigate({
            to: '/account',
            search: key === 'notifications' || key === 'calendar' ? { tab: key } : {},
            replace: true,
          })
        }
        items={[
          { key: 'profile', label: t('account.tabProfile'), children: <Profile /> },
          { key: 'notifications', label: t('account.tabNotifications'), children: <NotificationSettings /> },
          { key: 'calendar', label: t('account.tabCalendar'), children: <CalendarSettings /> },
        ]}
      />
    </Page>
  )
}

function Profile() {
  const { t } = useTranslation()
  const viewer = useViewer()
  const roles = useRoleText()
  const [rights, setRights] = useState(false)
  const { choice, choose, language, speak } = useAppearance()
  return (
    <>
      <Card
        title={t('account.profile')}
        extra={
          <Button type="text" icon={<SafetyOutlined aria-hidden />} onClick={() => setRights(true)}>
            {t('account.myRights')}
          </Button>
        }
      >
        <div className={css.profile}>
          <Avatar name={viewer.name} size={56} />
          <dl className={css.facts}>
            <dt>{t('account.name')}</dt>
            <dd>{viewer.name}</dd>
            <dt>{t('account.login')}</dt>
            <dd>{viewer.login}</dd>
            <dt>{t('account.roles')}</dt>
            <dd>{roles(viewer.roles)}</dd>
            <dt>{t('account.department')}</dt>
            <dd>{viewer.department?.title ?? t('account.noDepartment')}</dd>
          </dl>
        </div>
      </Card>
      <Card title={t('account.preferences')}>
        <div className={css.choices}>
          <span id="theme-label">{t('theme.label')}</span>
          <Segmented<ModeChoice>
            aria-labelledby="theme-label"
            value={choice}
            onChange={choose}
            options={(['light', 'dark', 'system'] as const).map((c) => ({
              value: c,
              label: t(`theme.${c}`),
            }))}
          />
          <span id="language-label">{t('language.label')}</span>
          <Segmented<Language>
            aria-labelledby="language-label"
            value={language}
            onChange={speak}
            options={languages.map((l) => ({ value: l, label: t(`language.${l}`) }))}
          />
        </div>
      </Card>
      <Card title={t('account.password')}>
        {viewer.directory ? <p className={css.lead}>{t('account.directory')}</p> : <PasswordForm />}
      </Card>
      <TwoSteps />
      <Provider />
      <Sessions />
      <Tokens />
      {rights && (
        <Suspense fallback={null}>
          <MyRights user={viewer} onClose={() => setRights(false)} />
        </Suspense>
      )}
    </>
  )
}
