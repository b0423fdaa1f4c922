import { Tooltip } from 'antd'
import { createContext, useContext, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { isApiError } from '@/api/client'
import { keepsOwner, same } from '@/api/hooks'
import type { FieldDef, ObjectDef, RecordData } from '@/api/types'
import { fieldKinds } from '@/fields/registry'
import { isComposing } from '@/ui/ime'
import { problemText } from '@/ui/states'
import { useLabel } from '@/ui/useLabel'
import { hasMeaning, MeantEdit } from '../criteria/meaning'
import { mayChange, type Owning } from '../model/closed'
import { FieldValue } from './FieldValue'
import s from './parts.module.css'
import { useSave } from './Saver'

/** What the records shown here are lines of, where that is known. */
export const Belonging = createContext<Owning | undefined>(undefined)

export const mayEdit = (object: ObjectDef, field: FieldDef, record: RecordData, parent?: Owning): boolean =>
  object.can.includes('update') &&
  field.writable !== false &&
  !keepsOwner(object, field) &&
  !['auto_number', 'formula'].includes(field.type) &&
  (record._can?.includes('update') ?? true) &&
  mayChange(object, field, record, parent)

interface EditorProps {
  object: ObjectDef
  field: FieldDef
  record: RecordData
  onClose(): void
}

/** The editor over a value. Saving closes at once; a refusal opens it again with what was typed and why it was refused. */
export function InlineEditor({ object, field, record, onClose }: EditorProps) {
  const { t } = useTranslation('records')
  const save = useSave()
  const label = useLabel()
  const { Edit } = fieldKinds[field.type]
  const [value, setValue] = useState<unknown>(record[field.name] ?? null)
  const [error, setError] = useState<string>()
  // `onChange` and `onCommit` may come in one tick, before the state is drawn.
  const latest = useRef(value)
  // Live updates change `record` beneath the editor; what is saved is measured by what one saw when one began.
  const began = useRef(record)
  const busy = useRef(false)

  const commit = async () => {
    if (busy.current) return
    const next = latest.current ?? null
    if (same(next, began.current[field.name])) return onClose()
    busy.current = true
    try {
      await save(began.current, { [field.name]: next })
      onClose()
    } catch (e) {
      if (!isApiError(e)) throw e
      setError(
        e.forField(field.name) ?? e.problem.errors?.[0]?.message ?? (problemText(e) || t('form.failed')),
      )
    } finally {
      busy.current = false
    }
  }

  const editor = {
    field,
    value,
    record,
    autoFocus: true,
    status: error ? ('error' as const) : undefined,
    id: `edit-${record.id}-${field.name}`,
    onChange: (v: unknown) => {
      latest.current = v
      setValue(v)
      setError(undefined)
    },
    onCommit: () => void commit(),
    onCancel: onClose,
  }

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: only keeps keys of the editor from reaching the table around it
    <div
      className={s.inlineEditor}
      onKeyDown={(e) => {
        e.stopPropagation()
        if (e.key === 'Escape' && !isComposing(e)) onClose()
      }}
    >
      <Tooltip title={error} open={Boolean(error)} placement="bottomLeft">
        <div>
          {hasMeaning(object.name, field.name) ? (
            <MeantEdit {...editor} object={object.name} />
          ) : (
            <Edit {...editor} />
          )}
        </div>
      </Tooltip>
      <span className="gx-visually-hidden">{label(field.label)}</span>
    </div>
  )
}

interface InlineProps {
  object: ObjectDef
  field: FieldDef
  record: RecordData
}

/** A value on a record's page: click or Enter to change it. */
export function InlineEdit({ object, field, record }: InlineProps) {
  const { t } = useTranslation('records')
  const label = useLabel()
  const [editing, setEditing] = useState(false)
  const box = useRef<HTMLDivElement>(null)
  const open = mayEdit(object, field, record, useContext(Belonging))
  if (editing) {
    return (
      <InlineEditor
        object={object}
        field={field}
        record={record}
        onClose={() => {
          setEditing(false)
          // Back to where the keyboard was, once the value is drawn again.
          requestAnimationFrame(() => box.current?.focus())
        }}
      />
    )
  }
  if (!open) {
    return (
      <div className={s.inline}>
        <FieldValue object={object} field={field} value={record[field.name]} record={record} />
      </div>
    )
  }
  return (
    // A value may hold links (phone, mail, record), which may not stand inside a button element.
    <div
      ref={box}
      className={`${s.inline} ${s.inlineOpen}`}
      role="button"
      tabIndex={0}
      aria-label={t('inline.edit', { field: label(field.label) })}
      onClick={(e) => {
        if (!(e.target as HTMLElement).closest('a')) setEditing(true)
      }}
      onKeyDown={(e) => {
        if (e.target === e.currentTarget && (e.key === 'Enter' || e.key === ' ')) {
          e.preventDefault()
          setEditing(true)
        }
      }}
    >
      <FieldValue object={object} field={field} value={record[field.name]} record={record} />
    </div>
  )
}
