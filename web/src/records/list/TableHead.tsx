import { CaretDownFilled, CaretUpFilled } from '@ant-design/icons'
import { type KeyboardEvent, type PointerEvent, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { FieldDef } from '@/api/types'
import { useLabel } from '@/ui/useLabel'
import { clampWidth, moveColumn } from '../model/columns'
import { parseSort } from '../model/viewState'
import { alignsRight } from '../parts/kind'
import s from './table.module.css'

interface Props {
  columns: FieldDef[]
  template: string
  widthOf(field: FieldDef): number
  sort: string
  allSelected: boolean | 'some'
  onSort(field: string, keep: boolean): void
  onSelectAll(): void
  /** While dragging; `done` when it is let go. */
  onResize(field: string, width: number, done: boolean): void
  onReorder(columns: string[]): void
}

/** Click sorts (Shift adds), the edge resizes, dragging a name moves its column. */
export function TableHead(props: Props) {
  const { columns, template, widthOf, sort, allSelected, onSort, onSelectAll, onResize, onReorder } = props
  const { t } = useTranslation('records')
  const label = useLabel()
  const sorted = parseSort(sort)
  const [drag, setDrag] = useState<{ from: string; over: string | null } | null>(null)
  const start = useRef<{ x: number; width: number } | null>(null)

  const resizeBy = (field: FieldDef) => ({
    onPointerDown: (e: PointerEvent<HTMLButtonElement>) => {
      e.preventDefault()
      e.currentTarget.setPointerCapture(e.pointerId)
      start.current = { x: e.clientX, width: widthOf(field) }
    },
    onPointerMove: (e: PointerEvent) => {
      const from = start.current
      if (from) onResize(field.name, clampWidth(from.width + e.clientX - from.x), false)
    },
    onPointerUp: (e: PointerEvent) => {
      const from = start.current
      start.current = null
      if (from) onResize(field.name, clampWidth(from.width + e.clientX - from.x), true)
    },
    onKeyDown: (e: KeyboardEvent) => {
      if (e.key !== 'ArrowLeft' && e.key !== 'ArrowRight') return
      e.preventDefault()
      e.stopPropagation()
      onResize(field.name, clampWidth(widthOf(field) + (e.key === 'ArrowRight' ? 16 : -16)), true)
    },
  })

  return (
    <div className={s.head} style={{ gridTemplateColumns: template }} role="row" aria-rowindex={1}>
      <span className={s.headCheck} role="columnheader">
        <input
          type="checkbox"
          checked={allSelected === true}
          ref={(el) => {
            if (el) el.indeterminate = allSelected === 'some'
          }}
          onChange={onSelectAll}
          aria-label={t('list.selectLoaded')}
        />
      </span>
      {columns.map((field, i) => {
        const at = sorted.find((p) => p.field === field.name)
        const right = alignsRight(field)
        return (
          <div
            key={field.name}
            role="columnheader"
            aria-colindex={i + 2}
            aria-sort={at ? (at.desc ? 'descending' : 'ascending') : undefined}
            className={`${s.headCell} ${i === 0 ? s.title : ''} ${right ? s.right : ''} ${drag?.over === field.name ? s.drop : ''}`}
            draggable
            onDragStart={(e) => {
              e.dataTransfer.effectAllowed = 'move'
              setDrag({ from: field.name, over: null })
            }}
            onDragOver={(e) => {
              if (!drag) return
              e.preventDefault()
              if (drag.over !== field.name) setDrag({ ...drag, over: field.name })
            }}
            onDragEnd={() => setDrag(null)}
            onDrop={(e) => {
              e.preventDefault()
              if (drag)
                onReorder(
                  moveColumn(
                    columns.map((c) => c.name),
                    drag.from,
                    field.name,
                  ),
                )
              setDrag(null)
            }}
          >
            <button
              type="button"
              className={s.sort}
              disabled={!field.sortable}
              onClick={(e) => onSort(field.name, e.shiftKey)}
              title={[label(field.label), field.sortable && t('list.sortHint')].filter(Boolean).join('\n')}
            >
              <span className={s.sortLabel}>{label(field.label)}</span>
              {at && (
                <span className={s.sortMark} aria-hidden="true">
                  {at.desc ? <CaretDownFilled aria-hidden /> : <CaretUpFilled aria-hidden />}
                </span>
              )}
            </button>
            <button
              type="button"
              className={s.handle}
              draggable={false}
              aria-label={t('list.resize', { field: label(field.label) })}
              {...resizeBy(field)}
            />
          </div>
        )
      })}
    </div>
  )
}
