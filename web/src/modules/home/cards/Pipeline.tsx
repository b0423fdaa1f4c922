import { FundOutlined } from '@ant-design/icons'
import { Link } from '@tanstack/react-router'
import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { can, useCatalogue } from '@/api/catalogue'
import { byCurrency, inCurrency } from '@/api/currencies'
import { useAggregate, useRecords } from '@/api/records'
import type { AggregateRow } from '@/api/types'
import { asRef } from '@/fields/shared/values'
import { useCreateRecord } from '@/ui/create'
import { formatMoney } from '@/ui/number'
import type { CardDef, CardProps } from '../card'
import { DeskCard } from '../DeskCard'
import { dealsInStage, has, openDeals } from '../filters'
import css from '../home.module.css'
import { Nothing } from '../Nothing'

/** Open opportunities by stage, in the order deals take; a bar is as long as its stage's amount. */
function Pipeline({ scope, seen }: CardProps) {
  const { t } = useTranslation('home')
  const { objects, workspace } = useCatalogue()
  const create = useCreateRecord()
  const rows = useAggregate(
    'opportunity',
    byCurrency({
      group_by: ['stage'],
      measures: [{ fn: 'count' }, { fn: 'sum', field: 'amount' }],
      filter: openDeals(scope),
    }),
    { enabled: seen },
  )
  // Boards ask for the stages as well; here they give the order only.
  const stages = useRecords(
    'stage',
    { sort: objects.stage?.layout.list?.sort, limit: 200 },
    { enabled: seen && objects.stage !== undefined },
  )

  const order = new Map(stages.data?.pages[0]?.items.map((s, i) => [s.id, i]))
  const place = (row: AggregateRow) => order.get(asRef(row.stage)?.id ?? '') ?? order.size
  const sorted = inCurrency(rows.data ?? [], workspace.currency).sort((a, b) => place(a) - place(b))
  // Lengths only; every figure that is read stays the exact string.
  const longest = Math.max(1, ...sorted.map((r) => Number(r.sum_amount ?? 0)))

  return (
    <DeskCard
      title={t(scope === 'mine' ? 'pipeline.title' : 'pipeline.titleAll')}
      extra={
        sorted.length > 0 && (
          <Link
            to="/o/$object"
            params={{ object: 'opportunity' }}
            search={{ filter: openDeals(scope), view: 'board' }}
          >
            {t('pipeline.board')}
          </Link>
        )
      }
      asked={objects.stage ? [rows, stages] : rows}
      empty={
        sorted.length === 0 && (
          <Nothing
            icon={<FundOutlined aria-hidden />}
            title={t('pipeline.none')}
            text={t('pipeline.noneText')}
            actions={
              can(objects.opportunity, 'create') && (
                <Button onClick={() => create('opportunity')}>{t('pipeline.add')}</Button>
              )
            }
          />
        )
      }
    >
      <ul className={css.stages}>
        {sorted.map((row) => {
          const stage = asRef(row.stage)
          const amount = row.sum_amount ?? '0'
          const filter = stage
            ? dealsInStage(scope, stage.id)
            : { and: [openDeals(scope), ['stage', 'is_null'] as ['stage', 'is_null']] }
          return (
            <li key={stage?.id ?? 'none'}>
              <Link
                to="/o/$object"
                params={{ object: 'opportunity' }}
                search={{ filter }}
                className={css.stage}
              >
                <span className={css.stageName}>{stage?.title ?? t('pipeline.noStage')}</span>
                <span className={css.stageCount}>{t('figure.deals', { count: Number(row.count) })}</span>
                <span className={css.stageAmount} title={formatMoney(amount, workspace.currency)}>
                  {formatMoney(amount, workspace.currency, true)}
                </span>
                <span className={css.bar} aria-hidden>
                  <span style={{ width: `${Math.max(1, (Number(amount) / longest) * 100)}%` }} />
                </span>
              </Link>
            </li>
          )
        })}
      </ul>
    </DeskCard>
  )
}

export const pipeline: CardDef = {
  id: 'pipeline',
  icon: 'funnel-plot',
  width: 'narrow',
  fits: ({ objects }) => has(objects.opportunity, 'owner', 'stage', 'status', 'amount'),
  View: Pipeline,
}
