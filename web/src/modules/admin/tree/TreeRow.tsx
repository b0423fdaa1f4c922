import { CaretDownOutlined, CaretRightOutlined } from '@ant-design/icons'
import { useDraggable, useDroppable } from '@dnd-kit/core'
import { Button } from 'antd'
import { type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { RecordData } from '@/api/types'
import { type Branch, spotId } from './branches'
import type { Drag } from './DragTree'
import css from './tree.module.css'

interface Props {
  branch: Branch
  depth: number
  nameOf(record: RecordData): string
  rowOf(branch: Branch): ReactNode
  movable: boolean
  drag: Drag
}

export function TreeRow({ branch, depth, nameOf, rowOf, movable, drag }: Props) {
  const { t } = useTranslation('admin')
  const [open, setOpen] = useState(true)
  const { record, children } = branch
  const name = nameOf(record)
  const shown = open && children.length > 0
  const lift = useDraggable({ id: record.id, disabled: !movable })
  const inside = spotId({ at: 'in', id: record.id })
  const drop = useDroppable({ id: inside })
  const over = drop.isOver && drag.allowed(inside)
  return (
    <li>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: taken with the pointer; the form does the same for the keyboard */}
      <div
        ref={(node) => {
          lift.setNodeRef(node)
          drop.setNodeRef(node)
        }}
        className={`${css.row} ${movable ? css.movable : ''} ${over ? css.over : ''} ${lift.isDragging ? css.lifted : ''}`}
        style={{ paddingLeft: 8 + depth * 24 }}
        {...lift.listeners}
        // The browser's own dragging of a link inside would take the row out of our hands.
        onDragStart={(e) => e.preventDefault()}
      >
        {drag.id !== undefined && drag.ordered && (
          <>
            <Strip at="before" id={record.id} drag={drag} depth={depth} />
            {/* Below a row whose own ones are shown, the next place is before the first of them. */}
            {!shown && <Strip at="after" id={record.id} drag={drag} depth={depth} />}
          </>
        )}
        {children.length > 0 ? (
          <Button
            type="text"
            size="small"
            icon={open ? <CaretDownOutlined aria-hidden /> : <CaretRightOutlined aria-hidden />}
            aria-expanded={open}
            aria-label={t(open ? 'tree.fold' : 'tree.unfold', { name })}
            onClick={() => setOpen(!open)}
          />
        ) : (
          <span className={css.leaf} />
        )}
        {rowOf(branch)}
      </div>
      {shown && (
        <ul className={css.below}>
          {children.map((c) => (
            <TreeRow
              key={c.record.id}
              branch={c}
              depth={depth + 1}
              nameOf={nameOf}
              rowOf={rowOf}
              movable={movable}
              drag={drag}
            />
          ))}
        </ul>
      )}
    </li>
  )
}

/** Between two rows. */
function Strip({ at, id, drag, depth }: { at: 'before' | 'after'; id: string; drag: Drag; depth: number }) {
  const spot = spotId({ at, id })
  const drop = useDroppable({ id: spot })
  const on = drop.isOver && drag.allowed(spot)
  return (
    <span
      ref={drop.setNodeRef}
      className={`${css.strip} ${at === 'before' ? css.before : css.after} ${on ? css.line : ''}`}
      style={{ left: 8 + depth * 24 }}
    />
  )
}
