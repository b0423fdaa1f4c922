import { ArrowRightOutlined, UndoOutlined } from '@ant-design/icons'
import { App, Button, Tooltip } from 'antd'
import { useContext } from 'react'
import { useTranslation } from 'react-i18next'
import { isApiError } from '@/api/client'
import { same } from '@/api/hooks'
import type { FieldDef, ObjectDef, RecordData } from '@/api/types'
import { problemText } from '@/ui/states'
import { useLabel } from '@/ui/useLabel'
import { FieldValue } from '../parts/FieldValue'
import { Belonging, mayEdit } from '../parts/InlineEdit'
import { useSave } from '../parts/Saver'
import s from './timeline.module.css'

interface Props {
  object: ObjectDef
  record: RecordData
  field: FieldDef
  /** The value before a change. */
  value: unknown
}

/** Sets a field back to an earlier value: an ordinary edit, for who may make it, of the version that is seen. */
export function RestoreValue({ object, record, field, value }: Props) {
  const { t } = useTranslation('records')
  const label = useLabel()
  const { modal } = App.useApp()
  const save = useSave()
  const parent = useContext(Belonging)
  // A text from before the field named records names none.
  const former = typeof value === 'object' && value !== null && 'id' in value && value.id === null
  if (former || !mayEdit(object, field, record, parent) || field.masked || same(record[field.name], value))
    return null

  const refused = (error: unknown) => {
    const problem = isApiError(error) ? error.problem.errors?.find((e) => e.field === field.name) : undefined
    modal.error({
      title: t('history.notRestored', { field: label(field.label) }),
      content:
        problem?.code === 'unknown_record'
          ? t('history.targetGone')
          : (problem?.message ?? problemText(error)),
    })
  }
  const ask = () =>
    modal.confirm({
      title: t('history.restoreAsk', { field: label(field.label) }),
      content: (
        <p className={s.change}>
          <span className={s.before}>
            <FieldValue field={field} value={record[field.name]} compact />
          </span>
          <ArrowRightOutlined className={s.arrow} aria-label={t('history.to')} />
          <span>
            <FieldValue field={field} value={value} compact />
          </span>
        </p>
      ),
      okText: t('history.restore'),
      cancelText: t('prompt.cancel'),
      onOk: () => save(record, { [field.name]: value ?? null }).then(() => {}, refused),
    })
  const name = t('history.restoreNamed', { field: label(field.label) })
  return (
    <Tooltip title={t('history.restoreThis')}>
      <Button
        type="text"
        size="small"
        className={s.restore}
        icon={<UndoOutlined aria-hidden />}
        aria-label={name}
        onClick={ask}
      />
    </Tooltip>
  )
}
