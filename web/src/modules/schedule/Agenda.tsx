import dayjs from 'dayjs'
import { useTranslation } from 'react-i18next'
import type { Entry } from '@/api/schedule'
import { EmptyState } from '@/ui/states'
import { today } from '@/ui/time'
import css from './days.module.css'
import { EntryBlock } from './EntryBlock'
import { isBar, keyOf, onDay } from './model'
import { isTheirs, type Stage } from './stage'

/** What comes, day by day: for a phone, and for reading. */
export function Agenda({ days, entries, stage }: { days: string[]; entries: Entry[]; stage: Stage }) {
  const { t } = useTranslation('schedule')
  const now = today()
  const filled = days.filter((d) => onDay(entries, d).length > 0)
  if (filled.length === 0) return <EmptyState title={t('nothing')} text={t('nothingText')} />
  return (
    <div className={css.agenda}>
      {filled.map((day) => (
        <section key={day} aria-label={dayjs(day).format(t('format.day'))}>
          <h2 className={day === now ? css.agendaToday : css.agendaDay}>
            {dayjs(day).format(t('format.day'))}
            {day === now && ` · ${t('today')}`}
          </h2>
          {onDay(entries, day)
            .sort((a, b) => Number(isBar(b)) - Number(isBar(a)) || a.start.localeCompare(b.start))
            .map((entry) => (
              <EntryBlock
                key={keyOf(entry)}
                entry={entry}
                stage={stage}
                roomy
                theirs={isTheirs(entry, stage.me)}
              />
            ))}
        </section>
      ))}
    </div>
  )
}
