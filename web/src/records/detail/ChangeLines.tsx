import { ArrowRightOutlined } from '@ant-design/icons'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { HistoryEntry, ObjectDef, RecordData } from '@/api/types'
import { useLabel } from '@/ui/useLabel'
import { FieldValue } from '../parts/FieldValue'
import { RestoreValue } from './RestoreValue'
import s from './timeline.module.css'

const SHOWN = 4
/** Moved by every write: saying so would be noise. */
const NOISE = ['updated_at', 'updated_by', 'version', 'created_at', 'created_by', 'id', 'deleted_at']

interface Props {
  object: ObjectDef
  entry: HistoryEntry
  /** As it is now: with it, what was before can be brought back. */
  record?: RecordData
}

/** "Stage: proposal → won", one line per field. Fields this viewer may not read are absent from the catalogue. */
export function ChangeLines({ object, entry, record }: Props) {
  const { t } = useTranslation('records')
  const label = useLabel()
  const [all, setAll] = useState(false)
  const changes = entry.changes.filter((c) => object.fields[c.field] && !NOISE.includes(c.field))
  // What a new record began with is on the page anyway.
  if (entry.kind !== 'update' || changes.length === 0) return null
  const shown = all ? changes : changes.slice(0, SHOWN)
  return (
    <ul className={s.changes}>
      {shown.map((c) => {
        const field = object.fields[c.field]
        if (!field) return null
        return (
          <li key={c.field} className={s.change}>
            <span className={s.quiet}>{label(field.label)}</span>
            <span className={s.before}>
              <FieldValue field={field} value={c.before} compact />
            </span>
            <ArrowRightOutlined className={s.arrow} aria-label={t('history.to')} />
            <span>
              <FieldValue field={field} value={c.after} compact />
            </span>
            {record && <RestoreValue object={object} record={record} field={field} value={c.before} />}
          </li>
        )
      })}
      {changes.length > shown.length && (
        <li>
          <button type="button" className={s.moreChanges} onClick={() => setAll(true)}>
            {t('history.moreFields', { count: changes.length - shown.length })}
          </button>
        </li>
      )}
    </ul>
  )
}
