import { SmileOutlined } from '@ant-design/icons'
import dayjs from 'dayjs'
import { useTranslation } from 'react-i18next'
import { useRecords } from '@/api/records'
import type { Customer } from '@/api/types'
import { IDLE_DAYS, idleOn } from '@/modules/people/figures'
import { fullTime, today, wallClock } from '@/ui/time'
import { useNow } from '@/ui/useNow'
import { AllLink } from '../AllLink'
import type { CardDef, CardProps } from '../card'
import { DeskCard } from '../DeskCard'
import { customersIdle, has } from '../filters'
import css from '../home.module.css'
import { Nothing } from '../Nothing'
import { useLines } from '../useLines'
import { CustomerRow } from './CustomerRow'

/** Customers nobody has spoken to for long, whether or not a time was agreed. */
function Idle({ scope, seen }: CardProps) {
  const lines = useLines()
  const { t } = useTranslation('home')
  useNow()
  const day = today()
  const filter = customersIdle(scope, idleOn(day))
  const sort = 'last_contact_at'
  const list = useRecords('customer', { filter, sort, limit: lines, count: true }, { enabled: seen })
  const items = (list.data?.pages[0]?.items ?? []) as Customer[]
  const total = list.data?.pages[0]?.total ?? items.length
  const rested = (since: string) => dayjs(day).diff(dayjs(wallClock(since).format('YYYY-MM-DD')), 'day')
  return (
    <DeskCard
      title={t('idle.title', { count: IDLE_DAYS })}
      extra={<AllLink object="customer" search={{ filter, sort }} count={total} />}
      asked={list}
      empty={
        items.length === 0 && (
          <Nothing
            icon={<SmileOutlined aria-hidden />}
            title={t('idle.none')}
            text={t('idle.noneText', { count: IDLE_DAYS })}
          />
        )
      }
    >
      <ul className={css.rows}>
        {items.map((c) => {
          const since = c.last_contact_at ?? c.created_at
          return (
            <CustomerRow
              key={c.id}
              record={c}
              scope={scope}
              tail={
                since && (
                  <time className={css.rowTail} dateTime={since} title={fullTime(since)}>
                    {t('idle.days', { count: rested(since) })}
                  </time>
                )
              }
            />
          )
        })}
      </ul>
    </DeskCard>
  )
}

export const idle: CardDef = {
  id: 'idle',
  icon: 'clock-circle',
  width: 'narrow',
  fits: ({ objects }) => has(objects.customer, 'owner', 'last_contact_at', 'created_at'),
  View: Idle,
}
