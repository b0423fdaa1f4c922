import { Button, Modal } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { isApiError } from '@/api/client'
import { useAct } from '@/api/hooks'
import type { ActionDef, FieldDef, ObjectDef, RecordData } from '@/api/types'
import { asRef } from '@/fields'
import { focusStart } from '@/ui/focusStart'
import { Icon } from '@/ui/Icon'
import { matches } from '@/ui/match'
import { onSaveKey } from '@/ui/saveKey'
import { problemText } from '@/ui/states'
import { useLabel } from '@/ui/useLabel'
import { useGo } from '../data/nav'
import { FormField } from '../parts/FormField'
import p from '../parts/parts.module.css'
import { useLeave } from '../pool/useLeave'

interface Props {
  object: ObjectDef
  record: RecordData
}

/** Stands for the kind of record where an input is narrowed by it. */
const ABOUT = '_object'

/** The verbs the catalogue gives this record in its present state. */
export function ActionButtons({ object, record }: Props) {
  const { t } = useTranslation('records')
  const label = useLabel()
  const act = useAct(object.name)
  const go = useGo()
  const leave = useLeave(object)
  const [asking, setAsking] = useState<ActionDef | null>(null)
  const [values, setValues] = useState<Record<string, unknown>>({})
  const [errors, setErrors] = useState<Record<string, string>>({})
  // Claiming and assigning stand with the words that the record lies in a pool.
  const beside = object.fields.pool?.to === 'pool' ? ['claim', 'assign'] : []
  const usable = (object.actions ?? []).filter((a) => matches(a.when, record) && !beside.includes(a.name))
  const inputs = (action: ActionDef): FieldDef[] =>
    (action.input ?? [])
      .map((i) => (typeof i === 'string' ? object.fields[i] : i))
      .filter((f): f is FieldDef => f !== undefined)
      // Pools hold records of one kind each.
      .map((f) => (f.to === 'pool' && !f.where ? { ...f, where: { object: ABOUT } } : f))

  const run = (action: ActionDef, input: Record<string, unknown>) =>
    act.mutate(
      { id: record.id, action: action.name, input, quiet: inputs(action).length > 0 },
      {
        onSuccess: (after) => {
          setAsking(null)
          // What it has become is where one goes on.
          const made = action.name === 'convert' ? asRef(after?.converted_customer) : undefined
          if (made) void go.record('customer', made.id)
          else leave(after)
        },
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

  const finish = () => asking && !act.isPending && run(asking, values)

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
        onOk={finish}
        onCancel={() => setAsking(null)}
        destroyOnHidden
        afterOpenChange={(open) => open && focusStart()}
      >
        <div className={p.formOne} onKeyDownCapture={onSaveKey(finish)}>
          {asking &&
            inputs(asking).map((field, i) => (
              <FormField
                key={field.name}
                field={field}
                value={values[field.name] ?? null}
                onChange={(v) => setValues((old) => ({ ...old, [field.name]: v }))}
                record={{ ...record, [ABOUT]: object.name }}
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
