import { PlusOutlined } from '@ant-design/icons'
import dayjs from 'dayjs'
import { useTranslation } from 'react-i18next'
import type { Entry } from '@/api/schedule'
import { today } from '@/ui/time'
import css from './days.module.css'
import { EntryBlock } from './EntryBlock'
import { isBar, keyOf, onDay } from './model'
import { isTheirs, type Stage } from './stage'

/** So many are shown of a day; the others are a click away. */
const IN_CELL = 4

interface Props {
  days: string[]
  on: string
  entries: Entry[]
  stage: Stage
}

/** A month, a cell for each day. */
export function MonthGrid({ days, on, entries, stage }: Props) {
  const { t } = useTranslation('schedule')
  const drawn = stage.mover.drawn(entries)
  const now = today()
  return (
    <div className={css.month}>
      <div className={css.weekdays}>
        {days.slice(0, 7).map((d) => (
          <span key={d}>{dayjs(d).format('ddd')}</span>
        ))}
      </div>
      <div className={css.cells}>
        {days.map((day) => {
          const all = onDay(drawn, day).sort((a, b) => Number(isBar(b)) - Number(isBar(a)))
          const shown = all.length > IN_CELL ? all.slice(0, IN_CELL - 1) : all
          const label = dayjs(day).format(t('format.day'))
          const nine = dayjs(day).hour(9)
          const create =
            stage.create &&
            (() =>
              stage.create?.(
                nine.format('YYYY-MM-DDTHH:mm'),
                nine.add(1, 'hour').format('YYYY-MM-DDTHH:mm'),
                false,
              ))
          return (
            // biome-ignore lint/a11y/useKeyWithClickEvents: the + button inside does the same for the keyboard
            <section
              key={day}
              data-day={day}
              className={day.slice(0, 7) === on.slice(0, 7) ? css.cell : `${css.cell} ${css.outside}`}
              aria-label={label}
              onClick={(e) => {
                if (e.target === e.currentTarget) create?.()
              }}
            >
              <header className={css.cellHead}>
                <button
                  type="button"
                  className={day === now ? css.numberToday : css.number}
                  aria-label={label}
                  aria-current={day === now ? 'date' : undefined}
                  onClick={() => stage.goTo(day)}
                >
                  {dayjs(day).date()}
                </button>
                {create && (
                  <button
                    type="button"
                    className={css.add}
                    onClick={create}
                    aria-label={t('createOn', { day: label })}
                  >
                    <PlusOutlined aria-hidden />
                  </button>
                )}
              </header>
              {shown.map((entry) => (
                <EntryBlock
                  key={keyOf(stage.mover.origin(entry))}
                  entry={entry}
                  stage={stage}
                  slim
                  theirs={isTheirs(entry, stage.me)}
                />
              ))}
              {shown.length < all.length && (
                <button type="button" className={css.more} onClick={() => stage.goTo(day)}>
                  {t('more', { count: all.length - shown.length })}
                </button>
              )}
            </section>
          )
        })}
      </div>
    </div>
  )
}
