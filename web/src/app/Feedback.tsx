import { App, Button } from 'antd'
import { lazy, Suspense, useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type Announcement, onAnnounce } from '@/api/announce'
import { useCatalogue } from '@/api/catalogue'
import type { RecordData } from '@/api/types'
import { problemText } from '@/ui/states'
import { useLabel } from '@/ui/useLabel'
import css from './app.module.css'

// Rare, and it draws fields: the editors of all types stay out of the first page.
const ConflictDialog = lazy(() => import('./ConflictDialog'))

export interface Conflict {
  object: string
  current: RecordData
  mine: Record<string, unknown>
}

/** Says what happened to data, briefly and with a way back. */
export function Feedback() {
  const { t } = useTranslation()
  const label = useLabel()
  const { objects } = useCatalogue()
  const { message } = App.useApp()
  const [conflict, setConflict] = useState<Conflict>()

  useEffect(() => {
    const undoable = (text: string, undo: () => Promise<unknown>) => {
      const key = `undo-${Date.now()}`
      const back = async () => {
        message.destroy(key)
        try {
          await undo()
          message.success(t('feedback.undone'), 2)
        } catch (e) {
          message.error(`${t('feedback.undoFailed')} ${problemText(e)}`)
        }
      }
      message.open({
        key,
        type: 'success',
        duration: 6,
        content: (
          <span className={css.toast}>
            {text}
            <Button type="link" size="small" onClick={back}>
              {t('action.undo')}
            </Button>
          </span>
        ),
      })
    }

    const tell = (a: Announcement) => {
      const object = objects[a.object]
      switch (a.kind) {
        case 'updated': {
          const only = a.fields.length === 1 ? object?.fields[a.fields[0] ?? ''] : undefined
          return undoable(
            only ? t('feedback.savedField', { field: label(only.label) }) : t('feedback.saved'),
            a.undo,
          )
        }
        case 'deleted': {
          const text =
            a.ids.length > 1
              ? t('feedback.deletedMany', { count: a.ids.length })
              : a.title
                ? t('feedback.deletedTitle', { title: a.title })
                : t('feedback.deleted')
          return undoable(text, a.undo)
        }
        case 'created': {
          const title = object && a.record[object.title]
          message.success(t('feedback.created', { title: String(title ?? label(object?.label)) }), 3)
          return
        }
        case 'out_of_team': {
          const text = t('feedback.outOfTeam', { name: a.name ?? '' })
          return a.undo ? undoable(text, a.undo) : void message.success(text, 3)
        }
        case 'failed': {
          const { current } = a.error.problem
          if (a.error.code === 'stale_version' && current && a.mine) {
            setConflict({ object: a.object, current, mine: a.mine })
            return
          }
          const text = a.error.code === 'offline' ? t('state.offline') : problemText(a.error)
          message.error(`${t('feedback.notSaved')}${text ? ` · ${text}` : ''}`, 6)
        }
      }
    }
    return onAnnounce(tell)
  }, [objects, label, message, t])

  return conflict ? (
    <Suspense fallback={null}>
      <ConflictDialog conflict={conflict} onClose={() => setConflict(undefined)} />
    </Suspense>
  ) : null
}
