import { HolderOutlined, TableOutlined } from '@ant-design/icons'
import {
  DndContext,
  type DragEndEvent,
  KeyboardSensor,
  PointerSensor,
  useDraggable,
  useDroppable,
  useSensor,
  useSensors,
} from '@dnd-kit/core'
import { Button, Checkbox, Input, Popover } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { FieldDef, ObjectDef } from '@/api/types'
import { matchesText } from '@/ui/pinyin'
import { useLabel } from '@/ui/useLabel'
import { type ColumnPrefs, listable, moveColumn } from '../model/columns'
import s from './list.module.css'

interface Props {
  object: ObjectDef
  columns: FieldDef[]
  onChange(prefs: ColumnPrefs): void
}

/** Which columns, in what order. Shown ones stand first and can be dragged (or moved with Space and the arrows). */
export function ColumnMenu({ object, columns, onChange }: Props) {
  const { t } = useTranslation('records')
  const label = useLabel()
  const [find, setFind] = useState('')
  const sensors = useSensors(
    useSensor(PointerSensor, { activationConstraint: { distance: 4 } }),
    useSensor(KeyboardSensor),
  )
  const names = columns.map((c) => c.name)
  const others = listable(object).filter((f) => !names.includes(f.name) && f.name !== 'id' && !f.hidden)
  const hit = (f: FieldDef) => !find || matchesText(find, f.label.zh, f.label.en, f.name)
  const onDragEnd = ({ active, over }: DragEndEvent) => {
    if (!over || active.id === over.id) return
    const from = names.indexOf(String(active.id))
    const to = names.indexOf(String(over.id))
    // Dropped on a later line means behind it, on an earlier one before it.
    onChange({
      columns: moveColumn(names, String(active.id), from < to ? (names[to + 1] ?? null) : String(over.id)),
    })
  }
  const content = (
    <div>
      <Input
        allowClear
        value={find}
        onChange={(e) => setFind(e.target.value)}
        placeholder={t('columns.find')}
        aria-label={t('columns.find')}
        style={{ marginBottom: 8 }}
      />
      <DndContext sensors={sensors} onDragEnd={onDragEnd}>
        <ul className={s.columnList}>
          {columns.filter(hit).map((f) => (
            <Item
              key={f.name}
              field={f}
              fixed={f.name === object.title}
              onHide={() => onChange({ columns: names.filter((n) => n !== f.name) })}
            />
          ))}
          {others.filter(hit).map((f) => (
            <li key={f.name} className={s.columnItem}>
              <span className={s.columnGrip} />
              <span className={s.columnName}>{label(f.label)}</span>
              <Checkbox
                checked={false}
                aria-label={t('columns.show', { field: label(f.label) })}
                onChange={() => onChange({ columns: [...names, f.name] })}
              />
            </li>
          ))}
        </ul>
      </DndContext>
      <div className={s.columnFoot}>
        <Button size="small" type="text" onClick={() => onChange({ columns: undefined, widths: undefined })}>
          {t('columns.reset')}
        </Button>
      </div>
    </div>
  )
  return (
    <Popover trigger="click" placement="bottomRight" arrow={false} content={content} destroyOnHidden>
      <Button size="small" type="text" icon={<TableOutlined aria-hidden />}>
        {t('columns.button')}
      </Button>
    </Popover>
  )
}

function Item({ field, fixed, onHide }: { field: FieldDef; fixed: boolean; onHide(): void }) {
  const { t } = useTranslation('records')
  const label = useLabel()
  const drag = useDraggable({ id: field.name, disabled: fixed })
  const drop = useDroppable({ id: field.name })
  const move = drag.transform
  return (
    <li
      ref={(el) => {
        drag.setNodeRef(el)
        drop.setNodeRef(el)
      }}
      className={s.columnItem}
      style={move ? { transform: `translateY(${move.y}px)`, position: 'relative', zIndex: 1 } : undefined}
    >
      <button
        type="button"
        className={s.columnGrip}
        aria-label={t('columns.move', { field: label(field.label) })}
        disabled={fixed}
        {...drag.attributes}
        {...drag.listeners}
      >
        {!fixed && <HolderOutlined aria-hidden />}
      </button>
      <span className={s.columnName}>{label(field.label)}</span>
      <Checkbox
        checked
        disabled={fixed}
        aria-label={t('columns.hide', { field: label(field.label) })}
        onChange={onHide}
      />
    </li>
  )
}
