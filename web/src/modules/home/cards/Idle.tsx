import { SmileOutlined } from '@ant-design/icons'
import { Tooltip } from 'antd'
import dayjs from 'dayjs'
import { useTranslation } from 'react-i18next'
import { useCatalogue } from '@/api/catalogue'
import { useRecords } from '@/api/records'
import type { RecordData } from '@/api/types'
import { Icon } from '@/ui/Icon'
import { RecordLink } from '@/ui/RecordLink'
import { fullTime, shortDay, today, wallClock } from '@/ui/time'
import { midSentence, useLabel } from '@/ui/useLabel'
import { useNow } from '@/ui/useNow'
import { AllLink } from '../AllLink'
import type { CardDef, CardProps } from '../card'
import { DeskCard } from '../DeskCard'
import { customersOverdue, has } from '../filters'
import css from '../home.module.css'
import { Nothing } from '../Nothing'
import { useLines } from '../useLines'
import { CustomerRow } from './CustomerRow'

/** Customers whose interval of contact has run out, whether or not a time was agreed; the longest overdue first. */
function Idle({ scope, seen }: CardProps) {
  const lines = useLines()
  const { t } = useTranslation('home')
  useNow()
  const filter = customersOverdue(scope)
  const sort = 'contact_due_at'
  const list = useRecords('customer', { filter, sort, limit: lines, count: true }, { enabled: seen })
  const items = list.data?.pages[0]?.items ?? []
  const total = list.data?.pages[0]?.total ?? items.length
  return (
    <DeskCard
      title={t('idle.title')}
      extra={<AllLink object="customer" search={{ filter, sort }} count={total} />}
      asked={list}
      empty={
        items.length === 0 && (
          <Nothing icon={<SmileOutlined aria-hidden />} title={t('idle.none')} text={t('idle.noneText')} />
        )
      }
    >
      <ul className={css.rows}>
        {items.map((c) => (
          <CustomerRow key={c.id} record={c} scope={scope} tail={<Due record={c} />} />
        ))}
      </ul>
    </DeskCard>
  )
}

/** Since when it is overdue, and the way to the page where it can be excused. */
function Due({ record }: { record: RecordData }) {
  const { t } = useTranslation('home')
  const label = useLabel()
  const { customer } = useCatalogue().objects
  const due = String(record.contact_due_at ?? '')
  const days = dayjs(today()).diff(dayjs(wallClock(due).format('YYYY-MM-DD')), 'day')
  const excuse = customer?.actions?.find((a) => a.name === 'excuse')
  const may = excuse && record._can?.includes('update') !== false
  return (
    <>
      <time className={`${css.rowTail} ${css.dueTail}`} dateTime={due} title={fullTime(due)}>
        <span className={css.late}>{days > 0 ? t('idle.days', { count: days }) : t('idle.today')}</span>
        <span>{t('idle.dueBy', { day: shortDay(due) })}</span>
      </time>
      {may && (
        <Tooltip title={label(excuse.label)}>
          <span>
            <RecordLink object="customer" id={record.id} className={css.rowAct}>
              <Icon name={excuse.icon} />
              <span className="gx-visually-hidden">
                {t('idle.excuse', {
                  title: String(record[customer?.title ?? ''] ?? ''),
                  action: midSentence(label(excuse.label)),
                })}
              </span>
            </RecordLink>
          </span>
        </Tooltip>
      )}
    </>
  )
}

export const idle: CardDef = {
  // It asked once whom nobody had spoken to for thirty days; desks that were arranged then go on with it.
  id: 'idle',
  icon: 'clock-circle',
  width: 'narrow',
  fits: ({ objects }) => has(objects.customer, 'owner', 'contact_due_at'),
  View: Idle,
}
