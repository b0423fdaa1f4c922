import { HistoryOutlined } from '@ant-design/icons'
import { useTranslation } from 'react-i18next'
import { useCatalogue } from '@/api/hooks'
import type { FieldDef, ObjectDef, RecordData, Ref, TimelineEntry } from '@/api/types'
import { Icon } from '@/ui/Icon'
import { MentionText } from '@/ui/MentionText'
import { RecordLink } from '@/ui/RecordLink'
import { fullTime, wallClock } from '@/ui/time'
import { midSentence, useLabel } from '@/ui/useLabel'
import { FieldValue } from '../parts/FieldValue'
import { kindOf } from '../parts/kind'
import { ChangeLines } from './ChangeLines'
import { TeamChange } from './team/TeamChange'
import { onlyTeam } from './team/words'
import s from './timeline.module.css'

interface Props {
  entry: TimelineEntry
  /** The object whose page this is. */
  home: ObjectDef
}

/** What an entry shows of a record: the columns of its list that hold something and are not said already. */
function details(object: ObjectDef, home: ObjectDef, record: RecordData, at: string): FieldDef[] {
  const minute = (v: unknown) => (typeof v === 'string' ? v.slice(0, 16) : '')
  const skip = new Set([object.title, 'owner', 'created_at', 'updated_at', 'created_by'])
  const created = object.layout.create?.fields ?? []
  const names = [...new Set([...(object.layout.list?.columns ?? []), ...created])]
  return (
    names
      .map((n) => object.fields[n])
      .filter(
        (f): f is FieldDef =>
          f !== undefined && f.readable !== false && !skip.has(f.name) && f.to !== home.name,
      )
      // The moment of the entry stands above it.
      .filter((f) => f.type !== 'datetime' || minute(record[f.name]) !== minute(at))
      .filter((f) => f.type !== 'long_text' && !kindOf(f).isEmpty(record[f.name]))
      .slice(0, 4)
  )
}

export function TimelineItem({ entry, home }: Props) {
  const { t } = useTranslation('records')
  const label = useLabel()
  const { objects } = useCatalogue()
  const object = objects[entry.object]
  const actor: Ref | null = entry.actor
  const who = actor?.title ?? t('history.system')
  const time = (
    <time dateTime={entry.at} title={fullTime(entry.at)} className={s.time}>
      {wallClock(entry.at).format('HH:mm')}
    </time>
  )
  if (entry.kind === 'change' && entry.change) {
    return (
      <li className={s.item}>
        <span className={s.mark} aria-hidden="true">
          <HistoryOutlined aria-hidden />
        </span>
        <div className={s.what}>
          <p className={s.line}>
            <strong>{who}</strong>{' '}
            <span className={s.quiet}>
              {onlyTeam(entry.change) ? (
                <TeamChange entry={entry.change} />
              ) : (
                t(`history.kind.${entry.change.kind}`)
              )}
            </span>{' '}
            {time}
          </p>
          <ChangeLines object={object ?? home} entry={entry.change} />
        </div>
      </li>
    )
  }
  const record = entry.record
  const long =
    object && record
      ? Object.values(object.fields).find(
          (f) => f.type === 'long_text' && f.name !== object.title && record[f.name],
        )
      : undefined
  return (
    <li className={s.item}>
      <span className={s.mark} aria-hidden="true">
        <Icon name={object?.icon} />
      </span>
      <div className={s.what}>
        <p className={s.line}>
          <strong>{who}</strong>{' '}
          <span className={s.quiet}>
            {t('timeline.made', { object: midSentence(label(object?.label, entry.object)) })}
          </span>{' '}
          {time}
        </p>
        <div className={s.card}>
          <RecordLink object={entry.object} id={entry.id} className={s.title}>
            <MentionText text={entry.title || t('list.untitled')} />
          </RecordLink>
          {long && record && String(record[long.name]) !== entry.title && (
            <p className={s.text}>
              <MentionText text={String(record[long.name])} />
            </p>
          )}
          {object && record && (
            <div className={s.details}>
              {details(object, home, record, entry.at).map((f) => (
                <span key={f.name} className={s.detail}>
                  {f.type !== 'choice' && <span className={s.quiet}>{label(f.label)} </span>}
                  <FieldValue object={object} field={f} value={record[f.name]} record={record} compact />
                </span>
              ))}
            </div>
          )}
        </div>
      </div>
    </li>
  )
}
