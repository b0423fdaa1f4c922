import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useCatalogue } from '@/api/catalogue'
import { useAggregate } from '@/api/records'
import type { FilterExpr } from '@/api/types'
import { formatMoney, formatNumber } from '@/ui/number'
import { Bone } from '@/ui/Skeletons'
import { customersDue, has, openDeals, type Scope, tasksDue, tasksOverdue, wonThisMonth } from './filters'
import css from './home.module.css'

interface FigureProps {
  title: string
  object: string
  filter: FilterExpr
  /** Field whose sum is the figure; the count is, without one. */
  sum?: string
  sub?: ReactNode
  view?: 'list' | 'board'
}

function Figure({ title, object, filter, sum, sub, view }: FigureProps) {
  const { t } = useTranslation('home')
  const { workspace } = useCatalogue()
  const { data, isError } = useAggregate(object, {
    measures: [{ fn: 'count' }, ...(sum ? [{ fn: 'sum' as const, field: sum }] : [])],
    filter,
  })
  const row = data?.[0]
  const count = Number(row?.count ?? 0)
  const amount = row?.[`sum_${sum}`] ?? '0'
  return (
    <Link to="/o/$object" params={{ object }} search={{ filter, view }} className={css.figure}>
      <span className={css.figureTitle}>{title}</span>
      <span className={css.figureValue}>
        {data === undefined ? (
          isError ? (
            '—'
          ) : (
            <Bone width={72} height={22} />
          )
        ) : sum ? (
          <span title={formatMoney(amount, workspace.currency)}>
            {formatMoney(amount, workspace.currency, true)}
          </span>
        ) : (
          formatNumber(count)
        )}
      </span>
      <span className={css.figureSub}>{sub ?? (sum && data ? t('figure.deals', { count }) : ' ')}</span>
    </Link>
  )
}

function Overdue({ scope }: { scope: Scope }) {
  const { t } = useTranslation('home')
  const { data } = useAggregate('task', { measures: [{ fn: 'count' }], filter: tasksOverdue(scope) })
  const count = Number(data?.[0]?.count ?? 0)
  if (!data) return ' '
  return count > 0 ? (
    <span className={css.late}>{t('figure.overdue', { count })}</span>
  ) : (
    t('figure.noOverdue')
  )
}

/** Four numbers, each of which opens the records it counts. */
export function Figures({ scope }: { scope: Scope }) {
  const { t } = useTranslation('home')
  const { objects } = useCatalogue()
  const task = has(objects.task, 'status', 'due_at')
  const customer = has(objects.customer, 'next_contact_at')
  const deal = has(objects.opportunity, 'status', 'amount', 'close_date')
  return (
    <div className={css.figures}>
      {task && (
        <Figure
          title={t('figure.tasks')}
          object="task"
          filter={tasksDue(scope)}
          sub={<Overdue scope={scope} />}
        />
      )}
      {customer && (
        <Figure
          title={t('figure.customers')}
          object="customer"
          filter={customersDue(scope)}
          sub={t('figure.customersSub')}
        />
      )}
      {deal && (
        <>
          <Figure
            title={t('figure.open')}
            object="opportunity"
            filter={openDeals(scope)}
            sum="amount"
            view="board"
          />
          <Figure title={t('figure.won')} object="opportunity" filter={wonThisMonth(scope)} sum="amount" />
        </>
      )}
    </div>
  )
}
