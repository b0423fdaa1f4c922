import { Button } from 'antd'
import { useId, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { can, useObject } from '@/api/catalogue'
import { isApiError, randomKey } from '@/api/client'
import { useCreate } from '@/api/mutations'
import { useRecords } from '@/api/records'
import type { RecordData } from '@/api/types'
import { MentionArea } from '@/fields/shared/MentionArea'
import { asRef } from '@/fields/shared/values'
import { Avatar } from '@/ui/Avatar'
import { MentionText } from '@/ui/MentionText'
import { problemText } from '@/ui/states'
import { useDraft } from '@/ui/useDraft'
import { useSeen } from '@/ui/useSeen'
import { RelativeTime } from '@/ui/values'
import css from './reports.module.css'

/** What was said to a report, and a line to answer. */
export function Comments({ report }: { report: RecordData }) {
  const { t } = useTranslation('work')
  const object = useObject('report_comment')
  const place = useRef<HTMLDivElement>(null)
  const seen = useSeen(place)
  const filter = ['report', '=', report.id] as [string, '=', string]
  const query = { filter, sort: 'created_at', fields: ['content', 'owner', 'created_at'], limit: 100 }
  const list = useRecords('report_comment', query, { enabled: seen && object !== undefined })
  const items = list.data?.pages.flatMap((page) => page.items) ?? []
  if (!object) return null
  return (
    <div ref={place} className={css.comments}>
      {items.length > 0 && (
        <ul aria-label={t('comments.label')}>
          {items.map((item) => {
            const who = asRef(item.owner)
            return (
              <li key={item.id} className={css.comment}>
                <Avatar name={who?.title ?? ''} />
                <p>
                  <strong>{who?.title}</strong>{' '}
                  <RelativeTime value={String(item.created_at)} className={css.reportTime} />
                  <br />
                  <MentionText text={String(item.content ?? '')} />
                </p>
              </li>
            )
          })}
        </ul>
      )}
      {list.hasNextPage && (
        <button type="button" className={css.more} onClick={() => void list.fetchNextPage()}>
          {t('comments.more')}
        </button>
      )}
      {can(object, 'create') && <Answer report={report} />}
    </div>
  )
}

function Answer({ report }: { report: RecordData }) {
  const { t } = useTranslation('work')
  const id = useId()
  const draft = useDraft(`comment:${report.id}`, '')
  const create = useCreate('report_comment')
  const intent = useRef(randomKey())
  const empty = draft.value.trim() === ''
  const send = async () => {
    if (empty || create.isPending) return
    const values = { report: report.id, content: draft.value.trim() }
    try {
      await create.mutateAsync({ values, idempotencyKey: intent.current })
    } catch (e) {
      // A lost answer is asked for again under the same key, or the comment would stand there twice.
      if (!isApiError(e, 'offline')) intent.current = randomKey()
      return
    }
    intent.current = randomKey()
    draft.clear()
  }
  return (
    <div className={css.answer}>
      <label htmlFor={id} className="gx-visually-hidden">
        {t('comments.write')}
      </label>
      <MentionArea
        id={id}
        value={draft.value}
        placeholder={t('comments.placeholder')}
        autoSize={{ minRows: 1, maxRows: 6 }}
        disabled={create.isPending}
        maxLength={2000}
        onChange={draft.set}
        onKeyDown={(e) => {
          if (e.key === 'Enter' && (e.ctrlKey || e.metaKey)) void send()
        }}
      />
      {!empty && (
        <Button type="primary" size="small" loading={create.isPending} onClick={() => void send()}>
          {t('comments.send')}
        </Button>
      )}
      {create.error && (
        <span className={css.error} role="alert">
          {problemText(create.error) || t('state.failedText', { ns: 'app' })}
        </span>
      )}
    </div>
  )
}
