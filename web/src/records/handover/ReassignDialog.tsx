import { Alert, Button, Input, Modal } from 'antd'
import { useEffect, useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { isApiError, randomKey } from '@/api/client'
import { type HandoverRequest, useHandoverPreview, useHoldings, useStartHandover } from '@/api/handovers'
import { useViewer } from '@/api/session'
import type { FilterExpr, ObjectDef, Ref } from '@/api/types'
import { focusStart } from '@/ui/focusStart'
import { formatNumber } from '@/ui/number'
import { Bone } from '@/ui/Skeletons'
import { onSaveKey } from '@/ui/saveKey'
import { problemText } from '@/ui/states'
import { midSentence, useLabel } from '@/ui/useLabel'
import { useGo } from '../data/nav'
import { useFilterWords } from '../parts/useFilterWords'
import { AlongChoices } from './AlongChoices'
import { HandoverRun } from './HandoverRun'
import s from './handover.module.css'
import { PeoplePick } from './PeoplePick'
import { shares } from './run'

interface Props {
  object: ObjectDef
  /** Which records; the ids of those selected, or what the list is filtered by. */
  filter: FilterExpr
  /** Records picked by hand have no words to describe them. */
  selected?: number
  onClose(): void
  onStarted?(): void
}

/** Gives every record that a filter matches to one or several people in turn, as one operation that can be taken back. */
export function ReassignDialog({ object, filter, selected, onClose, onStarted }: Props) {
  const { t } = useTranslation('handover')
  const { t: app } = useTranslation()
  const label = useLabel()
  const id = useId()
  const go = useGo()
  const viewer = useViewer()
  const words = useFilterWords(object, selected === undefined ? filter : undefined)
  // What the viewer may give away and what goes along with it is the same for himself as for all others.
  const own = useHoldings(viewer.id)
  const along = own.data?.items.find((i) => i.object === object.name && i.field === 'owner')?.along ?? []
  const [to, setTo] = useState<Ref[]>([])
  const [behind, setBehind] = useState<string[]>([])
  const [note, setNote] = useState('')
  const [asked, setAsked] = useState(false)
  const [key, setKey] = useState(randomKey)
  const start = useStartHandover()
  const started = start.data?.id

  const going = along.filter((name) => !behind.includes(name))
  const part = { object: object.name, filter, to: to.map((who) => who.id), along: going }
  const request: HandoverRequest = { parts: [part], ...(note.trim() && { note: note.trim() }) }
  // The count does not depend on who receives; it wants somebody all the same.
  const preview = useHandoverPreview(
    started ? undefined : { parts: [{ ...part, to: [viewer.id], along: [] }] },
  )
  const count = preview.data?.total
  const objects = midSentence(label(object.plural))
  const each = shares(count ?? 0, to.length)
  const error = start.error ?? preview.error
  const forTo = isApiError(start.error) ? start.error.forField('parts[0].to') : undefined
  const trouble = asked && to.length === 0 ? t('needRecipient') : forTo
  // Corrected input is another request.
  // biome-ignore lint/correctness/useExhaustiveDependencies: made anew whenever what is asked changes
  useEffect(() => setKey(randomKey()), [JSON.stringify(request)])

  const begin = () => {
    setAsked(true)
    if (to.length === 0 || !count) return
    start.mutate({ request, idempotencyKey: key }, { onSuccess: onStarted })
  }

  return (
    <Modal
      open
      width={640}
      title={
        selected === undefined
          ? t('reassign.title', { objects })
          : t('reassign.selectedTitle', { count: selected, shown: formatNumber(selected), objects })
      }
      onCancel={onClose}
      afterOpenChange={(open) => open && focusStart()}
      footer={
        started ? null : (
          <>
            <Button onClick={onClose}>{app('action.cancel')}</Button>
            <Button
              type="primary"
              loading={start.isPending}
              disabled={count === undefined || count === 0}
              onClick={begin}
            >
              {t('reassign.start', { count: count ?? 0, shown: formatNumber(count ?? 0) })}
            </Button>
          </>
        )
      }
    >
      {started ? (
        <HandoverRun
          id={started}
          actions={
            <>
              <Button type="text" onClick={() => void go.handover(started)}>
                {t('reassign.open')}
              </Button>
              <Button onClick={onClose}>{app('action.close')}</Button>
            </>
          }
        />
      ) : (
        <div className={s.form} onKeyDownCapture={onSaveKey(() => !start.isPending && begin())}>
          {words && <p className={s.words}>{words}</p>}
          <p role="status" className={s.sentence}>
            {count === undefined ? (
              preview.isError ? null : (
                <Bone width={220} />
              )
            ) : count === 0 ? (
              t('reassign.none', { objects })
            ) : (
              t('reassign.count', { count, shown: formatNumber(count), objects })
            )}
          </p>
          <div className={s.field} data-form-start>
            <label htmlFor={id}>{t('recipients')}</label>
            <PeoplePick id={id} label={t('recipients')} value={to} onChange={setTo} trouble={trouble} />
            {trouble ? (
              <span role="alert" className={s.trouble}>
                {trouble}
              </span>
            ) : (
              <span className={s.quiet}>
                {to.length > 1 && count
                  ? t('reassign.each', {
                      from: formatNumber(each.at(-1) ?? 0),
                      to: formatNumber(each[0] ?? 0),
                    })
                  : t('recipientsText')}
              </span>
            )}
          </div>
          <AlongChoices
            object={object}
            along={along}
            value={going}
            onChange={(next) => setBehind(along.filter((name) => !next.includes(name)))}
          />
          <div className={s.field}>
            <label htmlFor={`${id}-note`}>{t('note')}</label>
            <Input.TextArea
              id={`${id}-note`}
              value={note}
              maxLength={500}
              autoSize={{ minRows: 1, maxRows: 4 }}
              onChange={(e) => setNote(e.target.value)}
            />
          </div>
          {error && !forTo && (
            <Alert type="error" showIcon role="alert" title={problemText(error) || app('state.failedText')} />
          )}
        </div>
      )}
    </Modal>
  )
}
