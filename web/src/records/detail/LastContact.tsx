import { useTranslation } from 'react-i18next'
import { useCatalogue, useRecords } from '@/api/hooks'
import type { FieldDef, ObjectDef, RecordData, Ref } from '@/api/types'
import { MentionText } from '@/ui/MentionText'
import { useLabel } from '@/ui/useLabel'
import { RelativeTime } from '@/ui/values'
import { FieldValue } from '../parts/FieldValue'
import { useValueText } from '../parts/useFields'
import s from './detail.module.css'
import { followUpOf } from './followUp'

/** Objects that keep the moment of the last contact (written by the follower of follow-ups). */
export const lastContactField = (object: ObjectDef): FieldDef | undefined => object.fields.last_contact_at

/** The fields that say who, how and what, beside the moment. */
export const lastContactFields = [
  'last_contact_at',
  'last_contact_by',
  'last_contact_kind',
  'last_contact_summary',
]

export interface Contact {
  at: unknown
  who: string | null | undefined
  whoId: string | undefined
  kind: { field: FieldDef; value: unknown } | undefined
  what: string
}

/** When, who and what: kept on the record where its definition has fields for it, else read from the newest follow-up. */
export function useLastContact(object: ObjectDef, record: RecordData): Contact {
  const text = useValueText()
  const { objects } = useCatalogue()
  const { last_contact_by: by, last_contact_kind: kind, last_contact_summary: summary } = object.fields
  const follow = followUpOf(objects, object)
  const asks = follow !== undefined && !by && !summary
  const newest = useRecords(
    follow?.object.name ?? '',
    {
      filter: follow ? [follow.link.name, '=', record.id] : undefined,
      sort: follow?.object.layout.list?.sort ?? '-created_at',
      limit: 1,
    },
    { enabled: asks },
  )
  if (!asks) {
    return {
      at: record.last_contact_at,
      who: (record.last_contact_by as Ref | null | undefined)?.title,
      whoId: (record.last_contact_by as Ref | null | undefined)?.id,
      kind: kind && record[kind.name] ? { field: kind, value: record[kind.name] } : undefined,
      what: summary ? text(summary, record[summary.name]) : '',
    }
  }
  const last = newest.data?.pages[0]?.items[0]
  const writer = (last?.owner ?? last?.created_by) as Ref | null | undefined
  return {
    at: record.last_contact_at ?? last?.created_at,
    who: writer?.title,
    whoId: writer?.id,
    kind: last && follow.kind ? { field: follow.kind, value: last[follow.kind.name] } : undefined,
    what: last ? text(follow.content, last[follow.content.name]) : '',
  }
}

export function LastContact({
  object,
  field,
  record,
}: {
  object: ObjectDef
  field: FieldDef
  record: RecordData
}) {
  const { t } = useTranslation('records')
  const label = useLabel()
  const { at, who, kind, what } = useLastContact(object, record)
  return (
    <div className={s.lastContact}>
      <span className={s.factLabel}>{label(field.label)}</span>
      <div className={s.lastLine}>
        {typeof at === 'string' ? (
          <>
            <span className={s.lastWhen}>
              <RelativeTime value={at} />
              {who && <> · {who}</>}
              {kind && (
                <>
                  {' '}
                  <FieldValue field={kind.field} value={kind.value} compact />
                </>
              )}
            </span>
            {what && (
              <span className={s.lastWhat} title={what}>
                <MentionText text={what} />
              </span>
            )}
          </>
        ) : (
          <span className={s.muted}>{t('follow.never')}</span>
        )}
      </div>
    </div>
  )
}
