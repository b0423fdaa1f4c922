import { CheckOutlined, CloseOutlined, DeleteOutlined, EditOutlined } from '@ant-design/icons'
import { Button } from 'antd'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import type { Entry } from '@/api/schedule'
import { Chip } from '@/ui/Chip'
import { RecordLink } from '@/ui/RecordLink'
import { movable } from './model'
import css from './schedule.module.css'
import type { Stage } from './stage'
import { useEntryWords } from './words'

/** More of an entry, and what can be done with it at once. */
export function EntryCard({ entry, stage }: { entry: Entry; stage: Stage }) {
  const { t } = useTranslation('schedule')
  const { t: app } = useTranslation()
  const words = useEntryWords()
  const box = useRef<HTMLDivElement>(null)
  // From the keyboard one goes on in the card, and by Escape back to the entry.
  useEffect(() => {
    const timer = setTimeout(() => box.current?.focus(), 50)
    return () => clearTimeout(timer)
  }, [])
  const can = entry._can ?? []
  const event = entry.object === 'event'
  const close = () => stage.setOpen(undefined)
  return (
    <div
      ref={box}
      role="dialog"
      aria-label={words.title(entry)}
      tabIndex={-1}
      className={css.card}
      onKeyDown={(e) => {
        if (e.key !== 'Escape') return
        e.stopPropagation()
        const back = stage.open
        close()
        if (back) document.querySelector<HTMLElement>(`[data-entry="${CSS.escape(back)}"]`)?.focus()
      }}
    >
      <h2 className={css.cardTitle}>
        <RecordLink object={entry.object} id={entry.id}>
          {words.title(entry)}
        </RecordLink>
      </h2>
      <p className={css.cardLine}>{words.when(entry)}</p>
      {entry.repeats && <p className={css.cardMuted}>{t(event ? 'repeats' : 'comesAgain')}</p>}
      {entry.kind?.title && (
        <p className={css.cardLine}>
          <Chip color={entry.color ?? undefined}>{entry.kind.title}</Chip>
        </p>
      )}
      {entry.place && <p className={css.cardLine}>{entry.place}</p>}
      {entry.customer && (
        <p className={css.cardLine}>
          <RecordLink object="customer" id={entry.customer.id}>
            {entry.customer.title}
          </RecordLink>
        </p>
      )}
      {entry.owner?.title && <p className={css.cardMuted}>{t('owner', { name: entry.owner.title })}</p>}
      {(entry.participants?.length ?? 0) > 0 && (
        <p className={css.cardMuted}>
          {t('with', { names: entry.participants?.map((p) => p.title).join(t('comma')) })}
        </p>
      )}
      <div className={css.cardActions}>
        {entry.answer && entry.answer !== 'accepted' && (
          <Button
            size="small"
            type="primary"
            icon={<CheckOutlined aria-hidden />}
            onClick={() => stage.act(entry, 'accept')}
          >
            {t('accept')}
          </Button>
        )}
        {entry.answer && entry.answer !== 'declined' && (
          <Button
            size="small"
            icon={<CloseOutlined aria-hidden />}
            onClick={() => stage.act(entry, 'decline')}
          >
            {t('decline')}
          </Button>
        )}
        {entry.object === 'task' && movable(entry) && (
          <Button
            size="small"
            icon={<CheckOutlined aria-hidden />}
            onClick={() => stage.act(entry, entry.status === 'done' ? 'reopen' : 'complete')}
          >
            {t(entry.status === 'done' ? 'reopen' : 'complete')}
          </Button>
        )}
        {can.includes('update') && (
          <Button size="small" icon={<EditOutlined aria-hidden />} onClick={() => stage.edit(entry)}>
            {app('action.edit')}
          </Button>
        )}
        {event && can.includes('delete') && (
          <Button
            size="small"
            danger
            icon={<DeleteOutlined aria-hidden />}
            onClick={() => stage.remove(entry)}
          >
            {app('action.delete')}
          </Button>
        )}
      </div>
    </div>
  )
}
