import dayjs from 'dayjs'
import { type PointerEvent, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Entry } from '@/api/schedule'
import { EntryBlock } from './EntryBlock'
import { HOUR, minutesOf } from './measures'
import { blocksOf, DAY, keyOf } from './model'
import css from './schedule.module.css'
import { isTheirs, type Stage } from './stage'

interface Props {
  day: string
  entries: Entry[]
  stage: Stage
  /** Minutes from midnight, on the day it is. */
  now?: number
}

/** Free time is taken in such steps. */
const SLOT = 30
const floor = (minutes: number) => Math.floor(minutes / SLOT) * SLOT
const px = (minutes: number) => (minutes / 60) * HOUR

/** A day with its hours. Free time is taken by a click, or drawn up with the mouse. */
export function DayColumn({ day, entries, stage, now }: Props) {
  const { t } = useTranslation('schedule')
  const [range, setRange] = useState<[number, number]>()
  const from = useRef<number>(undefined)
  const at = (e: PointerEvent) => {
    const { top } = e.currentTarget.getBoundingClientRect()
    return Math.max(0, Math.min(DAY - SLOT, floor(minutesOf(e.clientY - top))))
  }
  const create = stage.create
  const label = dayjs(day).format(t('format.day'))
  const local = (minutes: number) => dayjs(day).add(minutes, 'minute').format('YYYY-MM-DDTHH:mm')
  return (
    <section
      className={css.column}
      style={{ height: 24 * HOUR }}
      aria-label={label}
      data-day={day}
      onPointerDown={(e) => {
        if (!create || e.target !== e.currentTarget || e.button !== 0) return
        from.current = at(e)
        if (e.pointerType !== 'touch') {
          e.currentTarget.setPointerCapture(e.pointerId)
          setRange([from.current, from.current + SLOT])
        }
      }}
      onPointerMove={(e) => {
        if (from.current === undefined || e.pointerType === 'touch') return
        const here = at(e)
        setRange([Math.min(from.current, here), Math.max(from.current, here) + SLOT])
      }}
      onPointerUp={(e) => {
        if (from.current === undefined) return
        // A click means an hour; what was drawn up means itself.
        const [start, end] = range && range[1] - range[0] > SLOT ? range : [from.current, from.current + 60]
        from.current = undefined
        setRange(undefined)
        if (e.target === e.currentTarget) create?.(local(start), local(Math.min(end, DAY - 1)), false)
      }}
      onPointerCancel={() => {
        from.current = undefined
        setRange(undefined)
      }}
    >
      {range && <span className={css.range} style={{ top: px(range[0]), height: px(range[1] - range[0]) }} />}
      {blocksOf(entries, day).map(({ entry, top, bottom, column, columns }) => (
        <EntryBlock
          key={keyOf(stage.mover.origin(entry))}
          entry={entry}
          stage={stage}
          roomy={bottom - top >= 45}
          resizable={entry.object === 'event'}
          theirs={isTheirs(entry, stage.me)}
          style={{
            position: 'absolute',
            top: px(top),
            height: px(bottom - top) - 1,
            insetInlineStart: `${(column / columns) * 100}%`,
            width: `calc(${100 / columns}% - 3px)`,
          }}
        />
      ))}
      {now !== undefined && <span className={css.now} style={{ top: px(now) }} aria-hidden />}
    </section>
  )
}
