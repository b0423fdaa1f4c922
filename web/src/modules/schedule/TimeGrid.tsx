import dayjs from 'dayjs'
import { useLayoutEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import type { Entry } from '@/api/schedule'
import { now, today } from '@/ui/time'
import { useNow } from '@/ui/useNow'
import { DayColumn } from './DayColumn'
import { EntryBlock } from './EntryBlock'
import { HOUR } from './measures'
import { barsOf, keyOf } from './model'
import css from './schedule.module.css'
import { isTheirs, type Stage } from './stage'

/** Midnight goes without saying. */
const HOURS = Array.from({ length: 23 }, (_, i) => i + 1)

interface Props {
  days: string[]
  entries: Entry[]
  stage: Stage
}

/** Days side by side with their hours; over them what takes whole days. */
export function TimeGrid({ days, entries, stage }: Props) {
  const { t } = useTranslation('schedule')
  useNow()
  const scroll = useRef<HTMLElement>(null)
  // The working day first; the night is a scroll away.
  useLayoutEffect(() => {
    if (scroll.current) scroll.current.scrollTop = 7.5 * HOUR
  }, [])
  const day = today()
  const clock = now()
  const drawn = stage.mover.drawn(entries)
  const bars = barsOf(drawn, days)
  const columns = { gridTemplateColumns: `repeat(${days.length}, minmax(0, 1fr))` }
  return (
    <div className={css.time} data-days={days.length}>
      <div className={css.heads}>
        <span className={css.gutter} aria-hidden />
        <div className={css.headCells} style={columns}>
          {days.map((d) => (
            <button
              key={d}
              type="button"
              className={d === day ? css.headToday : css.headCell}
              aria-current={d === day ? 'date' : undefined}
              onClick={() => stage.goTo(d)}
            >
              <span>{dayjs(d).format('ddd')}</span>
              <strong>{dayjs(d).date()}</strong>
            </button>
          ))}
        </div>
      </div>
      <div className={css.bars}>
        <span className={css.gutter}>{t('allDay')}</span>
        <div className={css.barCells} style={columns} data-ground="">
          <div className={css.barGrounds} style={columns}>
            {days.map((d) => (
              // Whoever has no mouse makes it with the button above and says that it takes the whole day.
              // biome-ignore lint/a11y/useKeyWithClickEvents: see above
              // biome-ignore lint/a11y/noStaticElementInteractions: see above
              <span key={d} onClick={() => stage.create?.(d, d, true)} />
            ))}
          </div>
          {bars.map(({ entry, from, to }) => (
            <EntryBlock
              key={keyOf(stage.mover.origin(entry))}
              entry={entry}
              stage={stage}
              slim
              theirs={isTheirs(entry, stage.me)}
              style={{ gridColumn: `${from + 1} / ${to + 1}` }}
            />
          ))}
        </div>
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a week without entries has nothing else that the keyboard could scroll it by */}
      <section className={css.scroll} ref={scroll} tabIndex={0} aria-label={t('title')}>
        <div className={css.hours} aria-hidden>
          {HOURS.map((hour) => (
            <span key={hour} style={{ top: hour * HOUR }}>
              {`${String(hour).padStart(2, '0')}:00`}
            </span>
          ))}
        </div>
        <div className={css.columns} style={columns} data-ground="">
          {days.map((d) => (
            <DayColumn
              key={d}
              day={d}
              entries={drawn}
              stage={stage}
              now={d === day ? clock.hour() * 60 + clock.minute() : undefined}
            />
          ))}
        </div>
      </section>
    </div>
  )
}
