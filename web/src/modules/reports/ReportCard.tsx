import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useObject } from '@/api/catalogue'
import type { RecordData } from '@/api/types'
import { asRef } from '@/fields/shared/values'
import { Person } from '@/ui/Avatar'
import { Chip } from '@/ui/Chip'
import { MentionText } from '@/ui/MentionText'
import { RecordLink } from '@/ui/RecordLink'
import { useLabel } from '@/ui/useLabel'
import { RelativeTime } from '@/ui/values'
import { Comments } from './Comments'
import { Counts } from './Counts'
import css from './reports.module.css'

/** Longer texts are folded until they are asked for. */
const LINES = 8

const parts = ['summary', 'plan', 'problems'] as const
const counted = [
  'effective_calls',
  'calls',
  'visits',
  'follow_ups',
  'new_customers',
  'new_leads',
  'new_deals',
  'won_deals',
  'tasks_done',
]

interface Props {
  report: RecordData
  /** Shown whole. */
  open?: boolean
}

/** A report as it was sent, and what was said to it. */
export function ReportCard({ report, open = false }: Props) {
  const { t } = useTranslation('work')
  const label = useLabel()
  const fields = useObject('work_report')?.fields
  const [whole, setWhole] = useState(open)
  const kind = fields?.kind?.options?.find((o) => o.value === report.kind)
  const owner = asRef(report.owner)
  const texts = parts.flatMap((name) => {
    const text = report[name]
    return typeof text === 'string' && text.trim() ? [{ name, text }] : []
  })
  const long = texts.reduce((sum, { text }) => sum + text.split('\n').length, 0) > LINES
  const counts = counted.flatMap((name) =>
    typeof report[name] === 'number' ? [{ name, count: report[name], least: null }] : [],
  )
  const span =
    report.kind === 'weekly' ? `${report.first_day} – ${report.last_day}` : String(report.first_day ?? '')
  return (
    <article className={css.report} aria-label={String(report.name ?? '')}>
      <header className={css.reportHead}>
        {owner && <Person who={owner} size={28} />}
        {kind && <Chip color={kind.color}>{label(kind.label)}</Chip>}
        <RecordLink object="work_report" id={report.id} className={css.reportDay}>
          {span}
        </RecordLink>
        {report.late === true && <Chip color="orange">{t('late')}</Chip>}
        {typeof report.sent_at === 'string' && (
          <RelativeTime value={report.sent_at} className={css.reportTime} />
        )}
      </header>
      {counts.some((c) => c.count > 0) && <Counts counts={counts} />}
      <div className={long && !whole ? css.folded : undefined}>
        {texts.map(({ name, text }) => (
          <section key={name} className={css.part}>
            <h3>{label(fields?.[name]?.label)}</h3>
            <p>
              <MentionText text={text} />
            </p>
          </section>
        ))}
      </div>
      {long && !open && (
        <button
          type="button"
          className={css.more}
          aria-expanded={whole}
          onClick={() => setWhole((old) => !old)}
        >
          {t(whole ? 'fold' : 'unfold')}
        </button>
      )}
      <Comments report={report} />
    </article>
  )
}
