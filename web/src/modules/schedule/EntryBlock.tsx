import { CheckSquareOutlined, PhoneOutlined, RetweetOutlined } from '@ant-design/icons'
import { Popover } from 'antd'
import type { CSSProperties } from 'react'
import { useTranslation } from 'react-i18next'
import type { Entry } from '@/api/schedule'
import { EntryCard } from './EntryCard'
import { keyOf } from './model'
import css from './schedule.module.css'
import type { Stage } from './stage'
import { useEntryWords } from './words'

interface Props {
  entry: Entry
  stage: Stage
  style?: CSSProperties
  /** One line: in the month and over the hours. */
  slim?: boolean
  /** There is room for the place. */
  roomy?: boolean
  resizable?: boolean
  /** The other people whose schedule is laid over. */
  theirs?: boolean
}

/** An entry wherever it stands: a click tells more of it, a drag moves it. */
export function EntryBlock({ entry, stage, style, slim, roomy, resizable, theirs }: Props) {
  const { t } = useTranslation('schedule')
  const words = useEntryWords()
  const { mover, open, setOpen } = stage
  const origin = mover.origin(entry)
  const key = keyOf(origin)
  const color = entry.color && entry.color !== 'default' ? entry.color : undefined
  const done = entry.status === 'done' || entry.answer === 'declined'
  const title = words.title(entry)
  const cls = [
    css.entry,
    slim && css.slim,
    done && css.done,
    theirs && css.theirs,
    entry.answer === 'asked' && css.asked,
    mover.moving && entry === mover.ghost && css.ghost,
  ]
  return (
    <Popover
      open={open === key}
      onOpenChange={(wanted) => {
        if (!wanted) setOpen(undefined)
        else if (mover.clicked()) setOpen(key)
      }}
      trigger="click"
      placement="rightTop"
      destroyOnHidden
      content={<EntryCard entry={origin} stage={stage} />}
    >
      <button
        type="button"
        data-entry={key}
        className={cls.filter(Boolean).join(' ')}
        style={{
          ...style,
          background: color && `var(--gx-chip-${color}-bg)`,
          color: color && `var(--gx-chip-${color})`,
        }}
        aria-label={t('entry', { title, when: words.when(entry) })}
        aria-haspopup="dialog"
        aria-expanded={open === key}
        {...mover.bind(origin)}
      >
        <span className={css.entryTitle}>
          {entry.object === 'task' && <CheckSquareOutlined aria-hidden />}
          {entry.object === 'follow_up' && <PhoneOutlined aria-hidden />}
          {slim && !entry.all_day && <span className={css.clock}>{words.hours(entry).slice(0, 5)}</span>}
          <span className={css.cut}>{title}</span>
          {entry.repeats && <RetweetOutlined aria-hidden className={css.again} />}
        </span>
        {!slim && roomy && (
          <span className={css.sub}>
            {words.hours(entry)}
            {entry.place && ` · ${entry.place}`}
            {theirs && entry.owner?.title && ` · ${entry.owner.title}`}
          </span>
        )}
        {resizable && <span data-end="" className={css.end} aria-hidden />}
      </button>
    </Popover>
  )
}
