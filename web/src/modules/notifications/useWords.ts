import { useCallback } from 'react'
import { useTranslation } from 'react-i18next'
import { useCatalogue } from '@/api/catalogue'
import type { Notification } from '@/api/notifications'
import { formatNumber } from '@/ui/number'
import { relativeTime } from '@/ui/time'
import { midSentence, useLabel } from '@/ui/useLabel'

export interface Words {
  /** Who did what, or what it reminds of. */
  lead: string
  /** The record's name, or how many there are. */
  title: string
  /** Beneath: the text that mentions him, or when it is due. */
  more: string
}

/** A notification in words, the same for the list, for screen readers and for the desktop. */
export function useWords(): (n: Notification) => Words {
  const { t } = useTranslation('notifications')
  const label = useLabel()
  const { objects } = useCatalogue()
  return useCallback(
    (n) => {
      const object = n.object === null ? undefined : objects[n.object]
      const one = object ? midSentence(label(object.label)) : t('row.record')
      const many = object ? midSentence(label(object.plural)) : t('row.records')
      const who = n.actor?.title ?? t('row.system')
      const shown = formatNumber(n.count)
      const more = n.excerpt ?? (n.moment ? t('row.due', { when: relativeTime(n.moment) }) : '')
      const hidden = n.record !== null && n.title === null ? t('row.hidden') : ''
      if (n.count > 1) {
        const lead =
          n.kind === 'assigned'
            ? t('row.assignedMany', { who, count: n.count, shown, name: many })
            : t('row.many', { label: n.label, count: n.count, shown, name: many })
        return { lead, title: '', more }
      }
      const lead =
        n.kind === 'assigned'
          ? t('row.assigned', { who, name: one })
          : n.kind === 'mentioned'
            ? t('row.mentioned', { who, name: one })
            : n.actor
              ? t('row.by', { label: n.label, who: n.actor.title ?? t('row.someone') })
              : n.label
      return { lead, title: n.title ?? hidden, more }
    },
    [t, label, objects],
  )
}

/** In one line. */
export const plainWords = ({ lead, title, more }: Words) => [lead, title, more].filter(Boolean).join(' · ')
