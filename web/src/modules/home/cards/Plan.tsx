import { CalendarOutlined } from '@ant-design/icons'
import { Link } from '@tanstack/react-router'
import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { can, useCatalogue } from '@/api/catalogue'
import { type Entry, useSchedule } from '@/api/schedule'
import { dawn, keyOf, nextDay } from '@/modules/schedule/model'
import { useEntryWords } from '@/modules/schedule/words'
import { useCreateRecord } from '@/ui/create'
import { Icon } from '@/ui/Icon'
import { RecordLink } from '@/ui/RecordLink'
import { today, wallClock } from '@/ui/time'
import { useNow } from '@/ui/useNow'
import type { CardDef, CardProps } from '../card'
import { DeskCard } from '../DeskCard'
import css from '../home.module.css'
import { Nothing } from '../Nothing'
import { useLines } from '../useLines'
import { isOver, momentOf, planOf, windowOf } from './day'

const NOBODY: string[] = []

function Row({ entry, over }: { entry: Entry; over: boolean }) {
  const { t } = useTranslation('home')
  const { objects } = useCatalogue()
  const words = useEntryWords()
  const color = entry.color && entry.color !== 'default' ? entry.color : undefined
  const sub = [
    entry.answer === 'asked' ? t('plan.asked') : null,
    entry.place,
    entry.object === 'follow_up' ? null : entry.customer?.title,
  ]
  const shown = sub.filter(Boolean).join(' · ')
  return (
    <li className={`${css.row} ${over ? css.over : ''}`}>
      <span className={css.clock}>
        {entry.all_day ? t('plan.allDay') : wallClock(momentOf(entry)).format('HH:mm')}
      </span>
      <span className={css.rowIcon} style={color ? { color: `var(--gx-chip-${color})` } : undefined}>
        <Icon name={objects[entry.object]?.icon} />
      </span>
      <span className={`${css.rowMain} ${entry.status === 'done' ? css.done : ''}`}>
        <RecordLink object={entry.object} id={entry.id} className={css.rowTitle}>
          {words.title(entry)}
        </RecordLink>
        {shown && <span className={css.rowSub}>{shown}</span>}
      </span>
    </li>
  )
}

/** One's own day: events, tasks that are due, contacts that were agreed. What is over is paler. */
function Plan({ seen }: CardProps) {
  const lines = useLines()
  const { t } = useTranslation('home')
  const { objects } = useCatalogue()
  const create = useCreateRecord()
  useNow()
  const day = today()
  const asked = useSchedule(dawn(day), dawn(nextDay(day)), NOBODY, { enabled: seen })
  const now = new Date().toISOString()
  const plan = planOf(asked.data?.items ?? [])
  return (
    <DeskCard
      title={t('plan.title')}
      extra={
        <Link to="/schedule" search={{ span: 'day' }}>
          {plan.length > lines ? t('plan.more', { count: plan.length }) : t('plan.open')}
        </Link>
      }
      asked={asked}
      empty={
        plan.length === 0 && (
          <Nothing
            icon={<CalendarOutlined aria-hidden />}
            title={t('plan.none')}
            text={t('plan.noneText')}
            actions={
              can(objects.event, 'create') && <Button onClick={() => create('event')}>{t('plan.add')}</Button>
            }
          />
        )
      }
    >
      <ul className={css.rows}>
        {windowOf(plan, lines, now).map((entry) => (
          <Row key={keyOf(entry)} entry={entry} over={isOver(entry, now)} />
        ))}
      </ul>
    </DeskCard>
  )
}

export const plan: CardDef = {
  id: 'plan',
  icon: 'calendar',
  width: 'narrow',
  fits: ({ objects }) => objects.event !== undefined,
  View: Plan,
}
