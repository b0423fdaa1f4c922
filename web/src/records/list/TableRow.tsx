import { memo } from 'react'
import { useTranslation } from 'react-i18next'
import type { FieldDef, ObjectDef, RecordData } from '@/api/types'
import { RecordLink } from '@/ui/RecordLink'
import { Bone } from '@/ui/Skeletons'
import { FieldValue } from '../parts/FieldValue'
import { InlineEditor, mayEdit } from '../parts/InlineEdit'
import { alignsRight } from '../parts/kind'
import { useValueText } from '../parts/useFields'
import { RecycleBadge } from '../pool/RecycleBadge'
import { RowActs } from './RowActs'
import type { RowAct } from './rowAct'
import s from './table.module.css'

export interface RowHandlers {
  activate(line: number, column: number): void
  edit(line: number, column: number): void
  closeEditor(): void
  toggle(id: string, line: number, range: boolean): void
  open(record: RecordData): void
  /** Something was done with the row by one of its buttons. */
  acted(line: number): void
}

interface Props {
  object: ObjectDef
  record: RecordData | undefined
  columns: FieldDef[]
  template: string
  line: number
  top: number
  selected: boolean
  selecting: boolean
  /** Column of the cell cursor, if it is in this row. */
  active: number | null
  editing: number | null
  acts: readonly RowAct[]
  handlers: RowHandlers
}

export const cellId = (line: number, column: number) => `cell-${line}-${column}`

/** One line of the table. Drawn again only when something of its own changed: hundreds may be on screen. */
export const TableRow = memo(function TableRow(props: Props) {
  const {
    object,
    record,
    columns,
    template,
    line,
    top,
    selected,
    selecting,
    active,
    editing,
    acts,
    handlers,
  } = props
  const { t } = useTranslation('records')
  const text = useValueText()
  const style = { gridTemplateColumns: template, transform: `translateY(${top}px)` }
  if (!record) {
    return (
      <div className={s.row} style={style} role="row" aria-rowindex={line + 2} aria-busy="true">
        <span className={s.check} role="gridcell" />
        {columns.map((field, i) => (
          <span key={field.name} className={`${s.cell} ${i === 0 ? s.title : ''}`} role="gridcell">
            <Bone width={`${40 + ((line * 7 + i * 13) % 40)}%`} />
          </span>
        ))}
      </div>
    )
  }
  const titleField = object.fields[object.title]
  const title = titleField ? text(titleField, record[object.title]) : ''
  const className = [s.row, selected && s.selected, selecting && s.selecting, active !== null && s.activeRow]
    .filter(Boolean)
    .join(' ')
  return (
    <div className={className} style={style} role="row" aria-rowindex={line + 2} aria-selected={selected}>
      <span className={s.check} role="gridcell">
        <input
          type="checkbox"
          checked={selected}
          tabIndex={-1}
          aria-label={t('list.select', { title: title || t('list.untitled') })}
          onChange={() => {}}
          onClick={(e) => handlers.toggle(record.id, line, e.shiftKey)}
        />
      </span>
      {columns.map((field, i) => {
        const names = field.name === object.title
        const canEdit = !names && mayEdit(object, field, record)
        const isEditing = editing === i
        const cls = [
          s.cell,
          i === 0 && s.title,
          alignsRight(field) && s.right,
          canEdit && s.editable,
          active === i && s.activeCell,
          isEditing && s.editing,
        ]
          .filter(Boolean)
          .join(' ')
        return (
          // Keys are handled once, by the grid; a cell only takes the pointer.
          // biome-ignore lint/a11y/useKeyWithClickEvents: see above
          <div
            key={field.name}
            id={cellId(line, i)}
            className={cls}
            role="gridcell"
            tabIndex={-1}
            aria-colindex={i + 2}
            onClick={(e) => {
              if ((e.target as HTMLElement).closest('a, button, input') || isEditing) return
              if (canEdit) handlers.edit(line, i)
              else handlers.activate(line, i)
            }}
          >
            {isEditing ? (
              <InlineEditor object={object} field={field} record={record} onClose={handlers.closeEditor} />
            ) : names ? (
              <>
                <span onClickCapture={() => handlers.open(record)}>
                  <RecordLink object={object.name} id={record.id} className={s.titleLink}>
                    {title || t('list.untitled')}
                  </RecordLink>
                </span>
                <RecycleBadge record={record} className={s.badge} />
                {acts.length > 0 && (
                  // Keys are handled once, by the grid.
                  // biome-ignore lint/a11y/useKeyWithClickEvents: see above
                  // biome-ignore lint/a11y/noStaticElementInteractions: hears the clicks of its buttons
                  <span className={s.acts} onClick={() => handlers.acted(line)}>
                    <RowActs acts={acts} record={record} title={title} inRow />
                  </span>
                )}
              </>
            ) : (
              <FieldValue object={object} field={field} value={record[field.name]} record={record} compact />
            )}
          </div>
        )
      })}
    </div>
  )
})
