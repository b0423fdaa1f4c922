import {
  type CollisionDetection,
  closestCenter,
  DndContext,
  type DragEndEvent,
  DragOverlay,
  KeyboardCode,
  type KeyboardCoordinateGetter,
  KeyboardSensor,
  MouseSensor,
  pointerWithin,
  TouchSensor,
  useSensor,
  useSensors,
} from '@dnd-kit/core'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { announce } from '@/api/announce'
import { isApiError } from '@/api/client'
import { can, keepsOwner } from '@/api/hooks'
import { keys, queryClient } from '@/api/queryClient'
import type { ObjectDef } from '@/api/types'
import { Bone } from '@/ui/Skeletons'
import { EmptyState, ErrorState } from '@/ui/states'
import type { ListState } from '../data/useListState'
import { useSums } from '../data/useSums'
import { toGroups } from '../model/grouping'
import { useSave } from '../parts/Saver'
import { BoardCard } from './BoardCard'
import { BoardColumnView } from './BoardColumn'
import s from './board.module.css'
import type { Move } from './move'
import { useAnnouncements } from './useAnnouncements'
import { type BoardColumn, useBoard } from './useBoard'

interface Props {
  object: ObjectDef
  state: ListState
  onCreate?(initial: Record<string, unknown>): void
}

/** With the keyboard a card goes from column to column; pixels mean nothing there. */
const byColumn: KeyboardCoordinateGetter = (
  event,
  { context: { active, droppableRects, over }, currentCoordinates },
) => {
  const step = event.code === KeyboardCode.Right ? 1 : event.code === KeyboardCode.Left ? -1 : 0
  if (step === 0) return undefined
  event.preventDefault()
  const columns = [...droppableRects.entries()].sort((a, b) => a[1].left - b[1].left)
  // Before the first step the card is over nothing: it starts from its own column.
  const own = (active?.data.current as Move | undefined)?.from
  const now = columns.findIndex(([id]) => id === (over?.id ?? own))
  const next = columns[Math.max(0, Math.min(columns.length - 1, now + step))]
  return next ? { x: next[1].left + 8, y: currentCoordinates.y } : undefined
}

const underPointer: CollisionDetection = (args) => {
  const hits = pointerWithin(args)
  return hits.length > 0 ? hits : closestCenter(args)
}

export function BoardView({ object, state, onCreate }: Props) {
  const { t } = useTranslation('records')
  const board = useBoard(object, state)
  const save = useSave()
  const [dragged, setDragged] = useState<Move | null>(null)
  const [moves, setMoves] = useState<Move[]>([])
  const sumField = object.fields[object.layout.board?.sum ?? '']
  const field = board?.field
  const totals = useSums(
    object,
    {
      group_by: field ? [field.name] : [],
      measures: [{ fn: 'count' }, ...(sumField ? [{ fn: 'sum' as const, field: sumField.name }] : [])],
      filter: state.filter,
      limit: 1000,
    },
    { enabled: field !== undefined },
  )
  const groups = useMemo(
    () => new Map((field && totals.data ? toGroups(totals.data, field) : []).map((g) => [g.key, g])),
    [field, totals.data],
  )
  const sensors = useSensors(
    useSensor(MouseSensor, { activationConstraint: { distance: 6 } }),
    useSensor(TouchSensor, { activationConstraint: { delay: 250, tolerance: 8 } }),
    useSensor(KeyboardSensor, {
      coordinateGetter: byColumn,
      keyboardCodes: {
        start: [KeyboardCode.Space],
        cancel: [KeyboardCode.Esc],
        end: [KeyboardCode.Space, KeyboardCode.Enter],
      },
    }),
  )
  const accessibility = useAnnouncements(board?.columns ?? [])

  if (!board || !field) return null
  if (board.error) return <ErrorState error={board.error} onRetry={board.retry} />
  if (board.pending) {
    return (
      <div className={s.board} role="status" aria-label={t('board.loading')}>
        {[0, 1, 2, 3].map((i) => (
          <div key={i} className={s.column}>
            <Bone width="50%" height={16} />
            {[0, 1, 2].map((j) => (
              <div key={j} className={s.card}>
                <Bone width="70%" />
                <Bone width="40%" />
              </div>
            ))}
          </div>
        ))}
      </div>
    )
  }
  if (board.columns.length === 0)
    return <EmptyState title={t('board.noColumns')} text={t('board.noColumnsText')} />

  const movable = can(object, 'update') && field.writable !== false && !keepsOwner(object, field)
  const empty = groups.get('')
  const blank: BoardColumn = { key: '', title: t('group.none'), value: null }
  const columns = empty && empty.count > 0 ? [blank, ...board.columns] : board.columns

  const drop = async ({ active, over }: DragEndEvent) => {
    setDragged(null)
    const data = active.data.current as Move | undefined
    const column = columns.find((c) => c.key === over?.id)
    if (!data || !column || column.key === data.from) return
    const move = { ...data, to: column.key }
    setMoves((old) => [move, ...old.filter((m) => m.record.id !== move.record.id)])
    try {
      const saved = await save(data.record, { [field.name]: column.value })
      // The card stays where it was dropped until both columns have been read again.
      if (saved) await queryClient.invalidateQueries({ queryKey: keys.lists(object.name) })
    } catch (e) {
      if (!isApiError(e)) throw e
      announce({ kind: 'failed', object: object.name, error: e, fields: [field.name] })
    } finally {
      setMoves((old) => old.filter((m) => m !== move))
    }
  }

  return (
    <DndContext
      sensors={sensors}
      collisionDetection={underPointer}
      accessibility={accessibility}
      onDragStart={({ active }) => setDragged((active.data.current as Move | undefined) ?? null)}
      onDragCancel={() => setDragged(null)}
      onDragEnd={(e) => void drop(e)}
    >
      <div className={s.board}>
        {columns.map((column) => (
          <BoardColumnView
            key={column.key}
            object={object}
            field={field}
            column={column}
            state={state}
            group={groups.get(column.key)}
            sumField={sumField}
            moves={moves}
            movable={movable}
            onCreate={onCreate && (() => onCreate({ [field.name]: column.value, ...scopeValue() }))}
          />
        ))}
      </div>
      <DragOverlay dropAnimation={null}>
        {dragged && <BoardCard object={object} record={dragged.record} groupField={field} floating />}
      </DragOverlay>
    </DndContext>
  )

  /** A card made in a column belongs to that column's pipeline too. */
  function scopeValue(): Record<string, unknown> {
    return board?.scopeLabel && board.scope ? { [board.scopeLabel.name]: board.scope } : {}
  }
}
