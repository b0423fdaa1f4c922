import { Alert, App, Modal } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { isApiError } from '@/api/client'
import { useAct, useBulk } from '@/api/hooks'
import type { BulkResult, FieldDef, ObjectDef, RecordData, Ref } from '@/api/types'
import { asRef, kindOf } from '@/fields'
import { focusStart } from '@/ui/focusStart'
import { formatNumber } from '@/ui/number'
import { onSaveKey } from '@/ui/saveKey'
import s from './pool.module.css'
import { useRefusal } from './useClaiming'

interface Props {
  object: ObjectDef
  ids: string[]
  /** Of the one, where it is one. */
  title?: string
  onClose(): void
  /** With how each went, if several were given. */
  onDone?(result?: BulkResult): void
  /** The one that was given, as the viewer sees it now: perhaps its id only. */
  onGiven?(record: RecordData): void
}

const yes = { id: '', version: 0, yes: true }

/** Gives records of a pool to a colleague. */
export function AssignDialog({ object, ids, title, onClose, onDone, onGiven }: Props) {
  const { t } = useTranslation('pools')
  const { t: app } = useTranslation()
  const { message } = App.useApp()
  const refusal = useRefusal()
  const act = useAct(object.name)
  const bulk = useBulk(object.name)
  const [to, setTo] = useState<Ref>()
  const [asked, setAsked] = useState(false)
  const [error, setError] = useState<Error | null>(null)
  const label = t('assign.to')
  const field: FieldDef = {
    name: 'owner',
    type: 'user',
    to: 'user',
    // Whoever has left gets nothing more.
    where: { active: 'yes' },
    required: true,
    label: { zh: t('assign.who'), en: t('assign.who') },
    operators: [],
  }
  const { Edit } = kindOf(field)
  const beside = isApiError(error) ? error.forField('owner') : undefined
  const trouble = asked && !to ? t('assign.needOne') : beside

  const give = async () => {
    setAsked(true)
    setError(null)
    if (!to) return
    try {
      const [id] = ids
      if (ids.length === 1 && id !== undefined) {
        const given = await act.mutateAsync({ id, action: 'assign', input: { owner: to }, quiet: true })
        void message.success(t('assign.done', { title: title || t('assign.it'), name: to.title ?? '' }))
        onDone?.()
        onGiven?.(given)
      } else onDone?.(await bulk.mutateAsync({ action: 'assign', ids, values: { owner: to } }))
      onClose()
    } catch (e) {
      setError(e as Error)
    }
  }

  return (
    <Modal
      open
      width={440}
      title={
        ids.length === 1 && title
          ? t('assign.title', { title })
          : t('assign.titleMany', { count: ids.length, shown: formatNumber(ids.length) })
      }
      okText={t('assign.ok')}
      cancelText={app('action.cancel')}
      confirmLoading={act.isPending || bulk.isPending}
      onOk={() => void give()}
      onCancel={onClose}
      afterOpenChange={(open) => open && focusStart()}
    >
      <div
        className={s.form}
        data-form-start
        onKeyDownCapture={onSaveKey(() => !act.isPending && !bulk.isPending && void give())}
      >
        <label htmlFor="assign-to">{label}</label>
        <Edit
          id="assign-to"
          field={field}
          record={yes}
          value={to ?? null}
          status={trouble ? 'error' : undefined}
          onChange={(v) => {
            setTo(asRef(v))
            setError(null)
          }}
        />
        {trouble && (
          <span role="alert" className={s.trouble}>
            {trouble}
          </span>
        )}
        {error && !beside && <Alert type="error" showIcon role="alert" title={refusal(error)} />}
      </div>
    </Modal>
  )
}
