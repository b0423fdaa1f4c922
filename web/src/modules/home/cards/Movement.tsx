import { SwapOutlined } from '@ant-design/icons'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { useCatalogue } from '@/api/catalogue'
import { useRecords } from '@/api/records'
import { Chip } from '@/ui/Chip'
import { formatMoney } from '@/ui/number'
import { RecordLink } from '@/ui/RecordLink'
import { relativeTime } from '@/ui/time'
import { Money } from '@/ui/values'
import { AllLink } from '../AllLink'
import type { CardDef, CardProps } from '../card'
import { DeskCard } from '../DeskCard'
import { has, movesOfWeek } from '../filters'
import css from '../home.module.css'
import { Nothing } from '../Nothing'
import { useLines } from '../useLines'
import { type MoveKind, moveFields, netMoves, sumsOf } from './moves'

/** So many changes are read; a busier week is told from its end. */
const MOST = 200

const colors: Record<MoveKind, string | undefined> = {
  won: 'green',
  lost: 'red',
  forward: 'blue',
  back: 'orange',
  new: 'cyan',
  other: undefined,
}

/** Which opportunities went forward, back, were won or lost in the last seven days. */
function Movement({ scope, seen }: CardProps) {
  const lines = useLines()
  const { t } = useTranslation('home')
  const { objects, workspace } = useCatalogue()
  const filter = movesOfWeek(scope)
  const sort = '-changed_at'
  const amounts = has(objects.opportunity, 'amount')
  const list = useRecords(
    'stage_change',
    { filter, sort, fields: moveFields(amounts), limit: MOST },
    { enabled: seen },
  )
  const page = list.data?.pages[0]
  const moves = useMemo(() => netMoves(page?.items ?? []), [page])
  const sums = useMemo(() => sumsOf(moves, workspace.currency), [moves, workspace.currency])
  return (
    <DeskCard
      title={t(scope === 'mine' ? 'movement.title' : 'movement.titleAll')}
      extra={
        <AllLink
          object="stage_change"
          search={{ filter, sort }}
          count={page?.items.length ?? 0}
          more={page?.next != null}
        />
      }
      asked={list}
      empty={
        moves.length === 0 && (
          <Nothing
            icon={<SwapOutlined aria-hidden />}
            title={t('movement.none')}
            text={t('movement.noneText')}
          />
        )
      }
    >
      <p className={css.sums}>
        {sums.map(({ kind, count, amount }) => (
          <span key={kind} className={css.sum}>
            {t(`movement.kind.${kind}`)} <b>{count}</b>
            {amount !== null && (
              <span className={css.sumAmount} title={formatMoney(amount, workspace.currency)}>
                {formatMoney(amount, workspace.currency, true)}
              </span>
            )}
          </span>
        ))}
        {page?.next && <span className={css.sum}>{t('movement.newest', { count: MOST })}</span>}
      </p>
      <ul className={css.rows}>
        {moves.slice(0, lines - 1).map((m) => (
          <li key={m.deal.id} className={css.row}>
            <Chip color={colors[m.kind]}>{t(`movement.kind.${m.kind}`)}</Chip>
            <span className={css.rowMain}>
              <RecordLink object="opportunity" id={m.deal.id} className={css.rowTitle}>
                {m.deal.title ?? t('movement.unnamed')}
              </RecordLink>
              <span className={css.rowSub}>
                {m.from ? t('movement.way', { from: m.from, to: m.to ?? '' }) : m.to}
                {' · '}
                {relativeTime(m.at)}
              </span>
            </span>
            {m.amount !== null && (
              <span className={css.rowTail}>
                <Money value={m.amount} currency={m.currency ?? undefined} compact />
              </span>
            )}
          </li>
        ))}
      </ul>
    </DeskCard>
  )
}

export const movement: CardDef = {
  id: 'movement',
  icon: 'node-index',
  width: 'wide',
  fits: ({ objects }) =>
    has(objects.opportunity, 'owner') &&
    has(objects.stage, 'kind', 'sort_order', 'pipeline') &&
    has(objects.stage_change, 'opportunity', 'from_stage', 'to_stage', 'changed_at'),
  View: Movement,
}
