import { Modal } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { FieldDef, ObjectDef, RecordData } from '@/api/types'
import { fieldKinds } from '@/fields/registry'
import { focusStart } from '@/ui/focusStart'
import { onSaveKey } from '@/ui/saveKey'
import { FormField } from './FormField'
import s from './parts.module.css'

export interface Prompt {
  object: ObjectDef
  record: RecordData
  values: Record<string, unknown>
  fields: FieldDef[]
  /** What the record is being set to ("输单"). */
  target: string
  /** It has been refused: every field is needed, and what no field can say. */
  refused?: { reasons: string[] }
}

interface Props {
  prompt: Prompt
  onDone(extra: Record<string, unknown> | null): void
}

/** Asks for what a step needs (a lost deal its reason), so that both go into one save. */
export function PromptDialog({ prompt, onDone }: Props) {
  const { t } = useTranslation('records')
  const [values, setValues] = useState<Record<string, unknown>>(() =>
    Object.fromEntries(prompt.fields.map((f) => [f.name, prompt.record[f.name] ?? null])),
  )
  const [tried, setTried] = useState(false)
  // The first is what the step is about (the reason); the others may not be known yet.
  const must = prompt.fields[0]
  const needed = (field: FieldDef) => prompt.refused !== undefined || field === must
  const missing = (field: FieldDef) => needed(field) && fieldKinds[field.type].isEmpty(values[field.name])
  const finish = () => {
    setTried(true)
    if (!prompt.fields.some(missing)) onDone(values)
  }
  // What is missing is nothing that one fills here.
  const hopeless = prompt.fields.length === 0
  return (
    <Modal
      open
      title={t(prompt.refused ? 'prompt.refused' : 'prompt.title', { target: prompt.target })}
      okText={t(hopeless ? 'prompt.understood' : prompt.refused ? 'prompt.saveAndMove' : 'prompt.save')}
      cancelText={t('prompt.cancel')}
      cancelButtonProps={{ hidden: hopeless }}
      onOk={hopeless ? () => onDone(null) : finish}
      onCancel={() => onDone(null)}
      destroyOnHidden
      afterOpenChange={(open) => open && focusStart()}
    >
      {prompt.refused && prompt.refused.reasons.length > 0 && (
        <ul className={s.reasons} role="alert">
          {prompt.refused.reasons.map((reason) => (
            <li key={reason}>{reason}</li>
          ))}
        </ul>
      )}
      <div className={s.formOne} onKeyDownCapture={onSaveKey(finish)}>
        {prompt.fields.map((field, i) => (
          <FormField
            key={field.name}
            field={field}
            value={values[field.name]}
            onChange={(v) => setValues((old) => ({ ...old, [field.name]: v }))}
            record={{ ...prompt.record, ...prompt.values, ...values }}
            required={needed(field)}
            start={i === 0}
            error={tried && missing(field) ? t('form.required') : undefined}
          />
        ))}
      </div>
    </Modal>
  )
}
