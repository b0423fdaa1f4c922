import { ArrowRightOutlined } from '@ant-design/icons'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { AuditEntry } from '@/api/audit'
import { useCatalogue } from '@/api/catalogue'
import type { ObjectDef } from '@/api/types'
import { kindOf } from '@/fields'
import { Person } from '@/ui/Avatar'
import { RecordLink } from '@/ui/RecordLink'
import { fullTime } from '@/ui/time'
import { useLabel } from '@/ui/useLabel'
import { Dash } from '@/ui/values'
import css from './audit.module.css'

const SHOWN = 3

export function AuditTable({ entries }: { entries: AuditEntry[] }) {
  const { t } = useTranslation('admin')
  const { t: words } = useTranslation('records')
  const label = useLabel()
  const { objects } = useCatalogue()
  return (
    <table className={css.table}>
      <thead>
        <tr>
          {(['time', 'user', 'kind', 'record', 'changes', 'from'] as const).map((name) => (
            <th key={name} scope="col">
              {t(`audit.column.${name}`)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {entries.map((entry) => {
          const object = objects[entry.object]
          const title = entry.record.title ?? entry.record.id.slice(-8)
          return (
            <tr key={entry.seq}>
              <td className={css.time}>
                <time dateTime={entry.at}>{fullTime(entry.at)}</time>
              </td>
              <td>{entry.actor ? <Person who={entry.actor} /> : words('history.system')}</td>
              <td>{words(`history.kind.${entry.kind}`)}</td>
              <td>
                <span className={css.object}>{object ? label(object.label) : entry.object}</span>
                {object && entry.kind !== 'purge' && entry.record.title ? (
                  <RecordLink object={entry.object} id={entry.record.id}>
                    {title}
                  </RecordLink>
                ) : (
                  <span>{title}</span>
                )}
              </td>
              <td className={css.wide}>{object && <Changes object={object} entry={entry} />}</td>
              <td className={css.from}>
                <span>{words(`history.via.${entry.via}`)}</span>
                {entry.address && <code>{entry.address}</code>}
              </td>
            </tr>
          )
        })}
      </tbody>
    </table>
  )
}

/** Field: before → after; of a new record only what it began with. */
function Changes({ object, entry }: { object: ObjectDef; entry: AuditEntry }) {
  const { t } = useTranslation('records')
  const label = useLabel()
  const [all, setAll] = useState(false)
  const changes = entry.changes.filter((c) => object.fields[c.field])
  const shown = all ? changes : changes.slice(0, SHOWN)
  return (
    <ul className={css.changes}>
      {shown.map((c) => {
        const field = object.fields[c.field]
        if (!field) return null
        const { Show, isEmpty } = kindOf(field)
        const side = (value: unknown) =>
          isEmpty(value) ? <Dash /> : <Show field={field} value={value} compact />
        return (
          <li key={c.field}>
            <span className={css.name}>{label(field.label)}</span>
            {entry.kind !== 'create' && (
              <>
                <span className={css.before}>{side(c.before)}</span>
                <ArrowRightOutlined className={css.arrow} aria-label={t('history.to')} />
              </>
            )}
            <span>{side(c.after)}</span>
          </li>
        )
      })}
      {changes.length > shown.length && (
        <li>
          <button type="button" className={css.moreChanges} onClick={() => setAll(true)}>
            {t('history.moreFields', { count: changes.length - shown.length })}
          </button>
        </li>
      )}
    </ul>
  )
}
