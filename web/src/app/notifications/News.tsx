import { useCallback, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { watchNews } from '@/api/events'
import { newestUnread } from '@/api/notifications'
import { keys, queryClient } from '@/api/queryClient'
import { newerThan } from '@/modules/notifications/rows'
import { openNotifications } from '@/modules/notifications/state'
import { useOpenNotification } from '@/modules/notifications/useOpen'
import { plainWords, useWords } from '@/modules/notifications/useWords'
import { desktopState, showOnDesktop } from './desktop'

/** Several at once (an assignment of many records) are asked about once. */
const GATHER_MS = 400
/** A hidden tab has let go of the live stream; it looks for itself, if the desktop is to tell. */
const LOOK_MS = 60_000

/** Follows what comes while the page is open: the figure on the bell, a word for those who hear the page, the desktop. */
export function News() {
  const { t } = useTranslation('notifications')
  const words = useWords()
  const open = useOpenNotification()
  const [said, setSaid] = useState('')
  const newest = useRef<string>(undefined)

  const look = useCallback(async () => {
    const found = await newestUnread()
    const first = newest.current === undefined
    const fresh = newerThan(found, newest.current)
    newest.current = found[0] && found[0].at > (newest.current ?? '') ? found[0].at : (newest.current ?? '')
    const [one] = fresh
    if (first || !one) return
    const line = fresh.length > 1 ? t('news.many', { count: fresh.length }) : plainWords(words(one))
    setSaid(t('news.said', { text: line }))
    if (document.visibilityState === 'visible' && document.hasFocus()) return
    if (fresh.length > 3) {
      showOnDesktop('guanxi', t('title'), line, openNotifications)
      return
    }
    for (const n of fresh) {
      const { lead, title, more } = words(n)
      showOnDesktop(n.id, lead, [title, more].filter(Boolean).join('\n'), () => open(n))
    }
  }, [t, words, open])

  const current = useRef(look)
  current.current = look
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined
    // Without an answer the bell keeps its figure; the next event brings another chance.
    const run = () => void current.current().catch(() => {})
    run()
    const stop = watchNews(() => {
      clearTimeout(timer)
      timer = setTimeout(() => {
        void queryClient.invalidateQueries({ queryKey: keys.notificationLists })
        run()
      }, GATHER_MS)
    })
    const hidden = setInterval(() => {
      if (document.visibilityState === 'hidden' && desktopState() === 'on') run()
    }, LOOK_MS)
    return () => {
      stop()
      clearTimeout(timer)
      clearInterval(hidden)
    }
  }, [])

  return (
    <div className="gx-visually-hidden" role="status" aria-live="polite" data-testid="news">
      {said}
    </div>
  )
}
