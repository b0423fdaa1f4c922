import { PlusOutlined } from '@ant-design/icons'
import { useDroppable } from '@dnd-kit/core'
import { Badge, Button } from 'antd'
import { useEffect, useMemo, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { useRecords } from '@/api/hooks'
import type { FieldDef, FilterExpr, ObjectDef } from '@/api/types'
import { formatNumber } from '@/ui/number'
import { Bone } from '@/ui/Skeletons'
import { ErrorState } from '@/ui/states'
import { useNow } from '@/ui/useNow'
import { leaveTrail } from '../data/trail'
import type { ListState } from '../data/useListState'
import { neededFields } from '../list/TableView'
import { allOf } from '../model/filter'
import type { RecordGroup } from '../model/grouping'
import { Sum } from '../parts/Sum'
import { rottenDays } from '../stage/stages'
import { BoardCard, cardFields, DraggableCard } from './BoardCard'
import s from './board.module.css'
import { keyOf, type Move } from './move'
import type { BoardColumn } from './useBoard'

interface Props {
  object: ObjectDef
  field: FieldDef
  column: BoardColumn
  state: ListState
  group: RecordGroup | undefined
  sumField: FieldDef | undefined
  /** Cards just dropped, until the server has answered. */
  moves: Move[]
  movable: boolean
  onCreate?(): void
}

export function BoardColumnView(props: Props) {
  const { object, field, column, state, group, sumField, moves, movable, onCreate } = props
  const { t } = useTranslation('records')
  useNow()
  const { setNodeRef, isOver } = useDroppable({ id: column.key })
  const own: FilterExpr = column.key === '' ? [field.name, 'is_null'] : [field.name, '=', column.key]
  const records = useRecords(object.name, {
    filter: allOf(state.filter, own),
    sort: state.view.sort,
    limit: 30,
    fields: [
      ...new Set([
        ...neededFields(object, cardFields(object)),
        field.name,
        ...Object.values(field.where ?? {}),
        'moved_at',
      ]),
    ].filter((n) => object.fields[n]),
  })
  const arrived = moves.filter((m) => m.to === column.key)
  const gone = new Set(moves.filter((m) => m.to !== column.key).map((m) => m.record.id))
  const listed = useMemo(() => records.data?.pages.flatMap((p) => p.items) ?? [], [records.data])
  const cards = [
    ...arrived
      .filter((m) => !listed.some((r) => r.id === m.record.id && keyOf(r[field.name]) === column.key))
      .map((m) => m.record),
    // A card changed elsewhere on the page leaves at once, before the column is read again.
    ...listed.filter((r) => !gone.has(r.id) && keyOf(r[field.name]) === column.key),
  ]
  const count = Math.max(
    0,
    (group?.count ?? 0) + arrived.length - moves.filter((m) => m.from === column.key).length,
  )
  const sum = sumField ? group?.sums[`sum_${sumField.name}`] : undefined

  const end = useRef<HTMLDivElement>(null)
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = records
  useEffect(() => {
    const mark = end.current
    if (!mark || !hasNextPage) return
    const seen = new IntersectionObserver(
      (entries) => {
        if (entries.some((e) => e.isIntersecting) && !isFetchingNextPage) void fetchNextPage()
      },
      { rootMargin: '400px' },
    )
    seen.observe(mark)
    return () => seen.disconnect()
  }, [hasNextPage, isFetchingNextPage, fetchNextPage])

  const leave = () => leaveTrail({ object: object.name, ids: listed.map((r) => r.id), search: state.search })
  return (
    <section ref={setNodeRef} className={`${s.column} ${isOver ? s.over : ''}`} aria-label={column.title}>
      <header className={s.columnHead}>
        <Badge color={column.color ?? 'default'} />
        <h2
          className={s.columnTitle}
          title={[column.title, column.stage?.guidance].filter(Boolean).join('\n')}
        >
          {column.title}
        </h2>
        <span className={s.columnCount}>{formatNumber(count)}</span>
        <span className={s.grow} />
        {sumField && sum != null && (
          <span className={s.columnSum}>
            <Sum field={sumField} value={sum} />
          </span>
        )}
        {onCreate && (
          <Button
            type="text"
            size="small"
            icon={<PlusOutlined aria-hidden />}
            aria-label={t('board.create', { column: column.title })}
            onClick={onCreate}
          />
        )}
      </header>
      <div className={s.cards} onClickCapture={leave}>
        {records.isError && !records.data && (
          <ErrorState compact error={records.error} onRetry={() => void records.refetch()} />
        )}
        {records.isPending &&
          [0, 1, 2].map((i) => (
            <div key={i} className={s.card}>
              <Bone width="70%" />
              <Bone width="40%" />
            </div>
          ))}
        {cards.map((record) =>
          movable ? (
            <DraggableCard
              key={record.id}
              object={object}
              record={record}
              groupField={field}
              from={column.key}
              rotten={rottenDays(record, column.stage, Date.now())}
            />
          ) : (
            <BoardCard
              key={record.id}
              object={object}
              record={record}
              groupField={field}
              rotten={rottenDays(record, column.stage, Date.now())}
            />
          ),
        )}
        {!records.isPending && cards.length === 0 && <p className={s.emptyColumn}>{t('board.empty')}</p>}
        <div ref={end} />
        {isFetchingNextPage && (
          <div className={s.card}>
            <Bone width="60%" />
          </div>
        )}
      </div>
    </section>
  )
}
