import { Modal } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ActionDef, FieldDef, RecordData } from '@/api/types'
import { focusStart } from '@/ui/focusStart'
import { onSaveKey } from '@/ui/saveKey'
import { useLabel } from '@/ui/useLabel'
import { FormField } from '../parts/FormField'
import p from '../parts/parts.module.css'
import s from './detail.module.css'

/** Why something was refused: one sentence, or one for each line it is about. */
export function Refusals({ messages }: { messages: string[] }) {
  const [only] = messages
  const distinct = [...new Set(messages)]
  return distinct.length === 1 ? (
    <div>{only}</div>
  ) : (
    <ul className={s.refusals}>
      {distinct.map((message) => (
        <li key={message}>{message}</li>
      ))}
    </ul>
  )
}

interface Props {
  action: ActionDef | null
  inputs: FieldDef[]
  record: RecordData
  /** Taking back or closing a document is more than its one word says. */
  document: boolean
  errors: Record<string, string>
  refusals: string[]
  pending: boolean
  onRun(values: Record<string, unknown>): void
  onClose(): void
}

const EXPLAINED = ['reverse', 'close'] as const
const explained = (name: string | undefined) => EXPLAINED.find((n) => n === name)

/** What an action wants to know before it is done. */
export function ActionDialog(props: Props) {
  const { action, inputs, record, document, errors, refusals, pending, onRun, onClose } = props
  const { t } = useTranslation('records')
  const { t: words } = useTranslation('trade')
  const label = useLabel()
  const [values, setValues] = useState<Record<string, unknown>>({})
  const what = document ? explained(action?.name) : undefined
  const finish = () => onRun(values)
  return (
    <Modal
      open={action !== null}
      title={action && label(action.label)}
      okText={action && label(action.label)}
      okButtonProps={{ danger: what === 'reverse' }}
      // “Cancel” beside “Cancel” would leave one guessing.
      cancelText={document ? words('act.back') : t('prompt.cancel')}
      confirmLoading={pending}
      onOk={finish}
      onCancel={onClose}
      destroyOnHidden
      afterOpenChange={(open) => (open ? focusStart() : setValues({}))}
    >
      {what && <p className={s.explained}>{words(`act.${what}`)}</p>}
      <div className={p.formOne} onKeyDownCapture={onSaveKey(finish)}>
        {inputs.map((field, i) => (
          <FormField
            key={field.name}
            field={field}
            value={values[field.name] ?? null}
            onChange={(v) => setValues((old) => ({ ...old, [field.name]: v }))}
            record={record}
            error={errors[field.name]}
            start={i === 0}
          />
        ))}
        {refusals.length > 0 && (
          <div role="alert" className={p.formError}>
            <Refusals messages={refusals} />
          </div>
        )}
      </div>
    </Modal>
  )
}
