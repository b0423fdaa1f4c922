import { useNavigate } from '@tanstack/react-router'
import { App, Button } from 'antd'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { isApiError } from '@/api/client'
import { useHandover } from '@/api/handovers'
import { isWatched, noteSeen, useStartedHandovers } from '@/api/startedHandovers'
import { stateWord } from '@/records/handover/run'
import css from '../app.module.css'

/** Tells whoever started a handover and went on to other things how it ended. */
export function HandoverNotice() {
  return useStartedHandovers().map((id) => <Watch key={id} id={id} />)
}

function Watch({ id }: { id: string }) {
  const { t } = useTranslation('handover')
  const { t: app } = useTranslation()
  const { message } = App.useApp()
  const navigate = useNavigate()
  const { data, error } = useHandover(id, 3000)
  const state = data?.state
  const gone = isApiError(error) && error.status >= 400 && error.status < 500

  // biome-ignore lint/correctness/useExhaustiveDependencies: once, when it ends
  useEffect(() => {
    if (gone) return noteSeen(id)
    if (data === undefined || state === 'running') return
    noteSeen(id)
    if (isWatched(id)) return
    const key = `handover-${id}`
    message.open({
      key,
      type: state === 'done' || state === 'undone' ? 'success' : 'warning',
      duration: 10,
      content: (
        <span className={css.toast}>
          {t('notice', { name: data.from?.title ?? t('list.reassigned'), state: t(stateWord(data)) })}
          <Button
            type="link"
            size="small"
            onClick={() => {
              message.destroy(key)
              void navigate({ to: '/admin/handovers/$id', params: { id } })
            }}
          >
            {app('feedback.open')}
          </Button>
        </span>
      ),
    })
  }, [state, gone])
  return null
}
