import { PlusOutlined } from '@ant-design/icons'
import { Button, Segmented } from 'antd'
import { useTranslation } from 'react-i18next'
import { can, useObject } from '@/api/catalogue'
import { usePreference, useViewer } from '@/api/session'
import { useCreateRecord } from '@/ui/create'
import { Page } from '@/ui/Page'
import { fullTime, now, today } from '@/ui/time'
import { midSentence, useLabel } from '@/ui/useLabel'
import { useNow } from '@/ui/useNow'
import { ContactList } from './ContactList'
import { Figures } from './Figures'
import type { Scope } from './filters'
import css from './home.module.css'
import { Pipeline } from './Pipeline'
import { Recent } from './Recent'
import { RecyclingCard } from './RecyclingCard'
import { TaskList } from './TaskList'

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

/** What to do now: tasks of today, customers who wait for a call, the pipeline, and what one was at. */
export function HomePage() {
  const { t } = useTranslation('home')
  const label = useLabel()
  const greeting = useGreeting()
  const { roles } = useViewer()
  const create = useCreateRecord()
  const customer = useObject('customer')
  const followUp = useObject('follow_up')
  const leads = roles.some((r) => r !== 'member')
  const [kept, setScope] = usePreference<Scope>(
    'home_scope',
    roles.includes('administrator') ? 'all' : 'mine',
  )
  // A member sees his own anyway; the switch would only be a riddle.
  const scope = leads ? kept : 'mine'

  return (
    <Page
      title={greeting}
      text={<span className={css.date}>{fullTime(today())}</span>}
      actions={
        <div className={css.actions}>
          {leads && (
            <Segmented<Scope>
              aria-label={t('scope.label')}
              value={scope}
              onChange={setScope}
              options={[
                { value: 'mine', label: t('scope.mine') },
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
        </div>
      }
    >
      <Figures scope={scope} />
      <div className={css.columns}>
        <div>
          <TaskList scope={scope} />
          <RecyclingCard />
          <ContactList scope={scope} />
        </div>
        <div>
          <Pipeline scope={scope} />
          <Recent />
        </div>
      </div>
    </Page>
  )
}
