import { Button, Modal } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { isApiError } from '@/api/client'
import { useAct } from '@/api/hooks'
import type { ActionDef, FieldDef, ObjectDef, RecordData } from '@/api/types'
import { Icon } from '@/ui/Icon'
import { matches } from '@/ui/match'
import { problemText } from '@/ui/states'
import { useLabel } from '@/ui/useLabel'
import { FormField } from '../parts/FormField'
import { focusStart } from '../parts/focusStart'
import p from '../parts/parts.module.css'

interface Props {
  object: ObjectDef
  record: RecordData
}

/** The verbs the catalogue gives this record in its present state. */
export function ActionButtons({ object, record }: Props) {
  const { t } = useTranslation('records')
  const label = useLabel()
  const act = useAct(object.name)
  const [asking, setAsking] = useState<ActionDef | null>(null)
  const [values, setValues] = useState<Record<string, unknown>>({})
  const [errors, setErrors] = useState<Record<string, string>>({})
  const usable = (object.actions ?? []).filter((a) => matches(a.when, record))
  const inputs = (action: ActionDef): FieldDef[] =>
    (action.input ?? [])
      .map((i) => (typeof i === 'string' ? object.fields[i] : i))
      .filter((f): f is FieldDef => f !== undefined)

  const run = (action: ActionDef, input: Record<string, unknown>) =>
    act.mutate(
      { id: record.id, action: action.name, input, quiet: inputs(action).length > 0 },
      {
        onSuccess: () => setAsking(null),
        onError: (e) => {
          const list = isApiError(e) ? (e.problem.errors ?? []) : []
          setErrors(
            list.length > 0
              ? Object.fromEntries(list.map((x) => [x.field, x.message]))
              : { '': problemText(e) || t('form.failed') },
          )
        },
      },
    )
  const start = (action: ActionDef) => {
    setErrors({})
    setValues({})
    if (inputs(action).length > 0) setAsking(action)
    else run(action, {})
  }

  return (
    <>
      {usable.map((action) => (
        <Button
          key={action.name}
          icon={<Icon name={action.icon} />}
          loading={act.isPending && act.variables?.action === action.name}
          onClick={() => start(action)}
        >
          {label(action.label)}
        </Button>
      ))}
      <Modal
        open={asking !== null}
        title={asking && label(asking.label)}
        okText={asking && label(asking.label)}
        cancelText={t('prompt.cancel')}
        confirmLoading={act.isPending}
        onOk={() => asking && run(asking, values)}
        onCancel={() => setAsking(null)}
        destroyOnHidden
        afterOpenChange={(open) => open && focusStart()}
      >
        <div className={p.formOne}>
          {asking &&
            inputs(asking).map((field, i) => (
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
          {errors[''] && <div role="alert">{errors['']}</div>}
        </div>
      </Modal>
    </>
  )
}
