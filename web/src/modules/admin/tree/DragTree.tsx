import {
  type CollisionDetection,
  DndContext,
  type DragEndEvent,
  DragOverlay,
  MouseSensor,
  pointerWithin,
  TouchSensor,
  useDroppable,
  useSensor,
  useSensors,
} from '@dnd-kit/core'
import { type ReactNode, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { RecordData } from '@/api/types'
import { type Branch, type Move, moveTo, spotId, spotOf, within } from './branches'
import { TreeRow } from './TreeRow'
import css from './tree.module.css'

interface Props {
  top: Branch[]
  /** What stands over the tree, and where one drops what shall stand at the top. */
  root: ReactNode
  nameOf(record: RecordData): string
  /** Everything in the row of a branch beside its place in the tree. */
  rowOf(branch: Branch): ReactNode
  movable: boolean
  /** Records of one level have an order of their own. */
  ordered?: boolean
  onMove(move: Move): void
}

export interface Drag {
  /** The record in hand. */
  id: string | undefined
  ordered: boolean
  /** Would dropping here mean something? */
  allowed(spot: string): boolean
}

/**
 * A tree whose records are moved with the pointer. The keyboard does the same by the parent in each record's own form, so there is
 * nothing here to lift with it.
 */
export function DragTree({ top, root, nameOf, rowOf, movable, ordered = false, onMove }: Props) {
  const { t } = useTranslation('admin')
  const [dragged, setDragged] = useState<string>()
  const sensors = useSensors(
    useSensor(MouseSensor, { activationConstraint: { distance: 6 } }),
    useSensor(TouchSensor, { activationConstraint: { delay: 300, tolerance: 8 } }),
  )
  const names = useMemo(() => {
    const all = top.flatMap(within).map((b) => [b.record.id, nameOf(b.record)] as const)
    return new Map<string, string>(all)
  }, [top, nameOf])
  const meant = (id: string, over: string): Move | undefined => {
    const spot = spotOf(over)
    return spot && moveTo(top, id, spot, ordered)
  }
  const drag: Drag = {
    id: dragged,
    ordered,
    allowed: (spot) => dragged !== undefined && meant(dragged, spot) !== undefined,
  }
  const end = ({ active, over }: DragEndEvent) => {
    setDragged(undefined)
    const move = over && meant(String(active.id), String(over.id))
    if (move) onMove(move)
  }
  return (
    <DndContext
      sensors={sensors}
      collisionDetection={narrowest}
      accessibility={{
        screenReaderInstructions: { draggable: t('tree.howTo') },
        announcements: {
          onDragStart: ({ active }) => t('tree.lifted', { name: names.get(String(active.id)) ?? '' }),
          onDragOver: () => undefined,
          onDragEnd: () => undefined,
          onDragCancel: () => t('tree.cancelled'),
        },
      }}
      onDragStart={({ active }) => setDragged(String(active.id))}
      onDragCancel={() => setDragged(undefined)}
      onDragEnd={end}
    >
      <Root drag={drag}>{root}</Root>
      <ul className={css.tree}>
        {top.map((b) => (
          <TreeRow
            key={b.record.id}
            branch={b}
            depth={0}
            nameOf={nameOf}
            rowOf={rowOf}
            movable={movable}
            drag={drag}
          />
        ))}
      </ul>
      <DragOverlay dropAnimation={null}>
        {dragged && <div className={css.inHand}>{names.get(dragged)}</div>}
      </DragOverlay>
    </DndContext>
  )
}

/** The strip between two rows lies over the rows: where the pointer is in both, the strip is meant. */
const narrowest: CollisionDetection = (args) => {
  const hits = pointerWithin(args)
  const strip = hits.find((h) => !String(h.id).startsWith('in:'))
  return strip ? [strip] : hits
}

function Root({ drag, children }: { drag: Drag; children: ReactNode }) {
  const { t } = useTranslation('admin')
  const spot = spotId({ at: 'top' })
  const drop = useDroppable({ id: spot })
  const open = drag.id !== undefined && drag.allowed(spot)
  return (
    <div
      ref={drop.setNodeRef}
      className={`${css.root} ${open ? css.open : ''} ${open && drop.isOver ? css.over : ''}`}
    >
      {open ? <span className={css.hint}>{t('tree.toTop')}</span> : children}
    </div>
  )
}
