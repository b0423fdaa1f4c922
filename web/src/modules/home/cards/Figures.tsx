import { Link } from '@tanstack/react-router'
import { type ReactNode, useId } from 'react'
import { useTranslation } from 'react-i18next'
import { useCatalogue } from '@/api/catalogue'
import { byCurrency, inCurrency } from '@/api/currencies'
import { useAggregate } from '@/api/records'
import type { FilterExpr } from '@/api/types'
import { formatMoney, formatNumber } from '@/ui/number'
import { Bone } from '@/ui/Skeletons'
import type { CardDef, CardProps, Place } from '../card'
import {
  customersDue,
  has,
  openDeals,
  openOrWon,
  type Scope,
  tasksDue,
  tasksOverdue,
  wonThisMonth,
} from '../filters'
import css from '../home.module.css'

interface FigureProps {
  title: string
  object: string
  filter: FilterExpr
  /** Absent while it is on its way. */
  count: number | undefined
  /** Shown in place of the count where the figure is money. */
  amount?: string
  failed: boolean
  sub: ReactNode
  view?: 'list' | 'board'
}

function Figure({ title, object, filter, count, amount, failed, sub, view }: FigureProps) {
  const { workspace } = useCatalogue()
  return (
    <Link to="/o/$object" params={{ object }} search={{ filter, view }} className={css.figure}>
      <span className={css.figureTitle}>{title}</span>
      <span className={css.figureValue}>
        {count === undefined ? (
          failed ? (
            '—'
          ) : (
            <Bone width={72} height={22} />
          )
        ) : amount !== undefined ? (
          <span title={formatMoney(amount, workspace.currency)}>
            {formatMoney(amount, workspace.currency, true)}
          </span>
        ) : (
          formatNumber(count)
        )}
      </span>
      <span className={css.figureSub}>{sub}</span>
    </Link>
  )
}

/** A line that is empty still keeps its height. */
const BLANK = ' '
const COUNT = [{ fn: 'count' as const }]

function TaskFigure({ scope, seen }: { scope: Scope; seen: boolean }) {
  const { t } = useTranslation('home')
  const filter = tasksDue(scope)
  const due = useAggregate('task', { measures: COUNT, filter }, { enabled: seen })
  const overdue = useAggregate('task', { measures: COUNT, filter: tasksOverdue(scope) }, { enabled: seen })
  const late = Number(overdue.data?.[0]?.count ?? 0)
  return (
    <Figure
      title={t('figure.tasks')}
      object="task"
      filter={filter}
      count={due.data && Number(due.data[0]?.count ?? 0)}
      failed={due.isError}
      sub={
        !overdue.data ? (
          BLANK
        ) : late > 0 ? (
          <span className={css.late}>{t('figure.overdue', { count: late })}</span>
        ) : (
          t('figure.noOverdue')
        )
      }
    />
  )
}

function CustomerFigure({ scope, seen }: { scope: Scope; seen: boolean }) {
  const { t } = useTranslation('home')
  const filter = customersDue(scope)
  const { data, isError } = useAggregate('customer', { measures: COUNT, filter }, { enabled: seen })
  return (
    <Figure
      title={t('figure.customers')}
      object="customer"
      filter={filter}
      count={data && Number(data[0]?.count ?? 0)}
      failed={isError}
      sub={t('figure.customersSub')}
    />
  )
}

/** What is open and what was won this month: one question for both. */
function DealFigures({ scope, seen }: { scope: Scope; seen: boolean }) {
  const { t } = useTranslation('home')
  const { workspace } = useCatalogue()
  const { data: rows, isError } = useAggregate(
    'opportunity',
    byCurrency({
      group_by: ['status'],
      measures: [...COUNT, { fn: 'sum', field: 'amount' }],
      filter: openOrWon(scope),
    }),
    { enabled: seen },
  )
  const data = rows && inCurrency(rows, workspace.currency)
  const figure = (status: 'open' | 'won') => {
    const row = data?.find((r) => r.status === status)
    const count = data && Number(row?.count ?? 0)
    return {
      count,
      amount: String(row?.sum_amount ?? '0'),
      failed: isError,
      sub: count === undefined ? BLANK : t('figure.deals', { count }),
    }
  }
  return (
    <>
      <Figure
        title={t('figure.open')}
        object="opportunity"
        filter={openDeals(scope)}
        view="board"
        {...figure('open')}
      />
      <Figure title={t('figure.won')} object="opportunity" filter={wonThisMonth(scope)} {...figure('won')} />
    </>
  )
}

const parts = ({ objects }: Pick<Place, 'objects'>) => ({
  task: has(objects.task, 'owner', 'status', 'due_at'),
  customer: has(objects.customer, 'owner', 'next_contact_at'),
  deal: has(objects.opportunity, 'owner', 'status', 'amount', 'close_date'),
})

/** Four numbers, each of which opens the records it counts. */
function Figures({ scope, seen, width }: CardProps) {
  const { t } = useTranslation('home')
  const id = useId()
  const there = parts(useCatalogue())
  const figures = (
    <>
      {there.task && <TaskFigure scope={scope} seen={seen} />}
      {there.customer && <CustomerFigure scope={scope} seen={seen} />}
      {there.deal && <DealFigures scope={scope} seen={seen} />}
    </>
  )
  return width === 'wide' ? (
    <section aria-labelledby={id} className={css.strip}>
      <h2 id={id} className="gx-visually-hidden">
        {t('card.figures.name')}
      </h2>
      {figures}
    </section>
  ) : (
    <section aria-labelledby={id} className={css.card}>
      <div className={css.cardHead}>
        <h2 id={id}>{t('card.figures.name')}</h2>
      </div>
      <div className={css.square}>{figures}</div>
    </section>
  )
}

export const figures: CardDef = {
  id: 'figures',
  icon: 'bar-chart',
  width: 'wide',
  strip: true,
  fits: (at) => Object.values(parts(at)).some(Boolean),
  View: Figures,
}
