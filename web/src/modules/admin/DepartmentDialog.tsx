import { Alert, Form, Modal } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type ApiError, isApiError, randomKey } from '@/api/client'
import { useCreate, useUpdate } from '@/api/mutations'
import type { ObjectDef, RecordData } from '@/api/types'
import { problemText } from '@/ui/states'
import { FieldRows, missingOf } from './FieldRows'

interface Props {
  object: ObjectDef
  department?: RecordData
  parent?: RecordData
  onClose(): void
}

export function DepartmentDialog({ object, department, parent, onClose }: Props) {
  const { t } = useTranslation('admin')
  const { t: app } = useTranslation()
  const create = useCreate('department')
  const update = useUpdate('department')
  const [values, setValues] = useState<Record<string, unknown>>(
    () => department ?? (parent ? { parent: { id: parent.id, title: String(parent.name ?? '') } } : {}),
  )
  const [missing, setMissing] = useState<string[]>([])
  const [error, setError] = useState<ApiError | null>(null)
  const [key] = useState(randomKey)
  const names = object.layout.create?.fields ?? ['name', 'parent', 'manager', 'sort_order']

  const save = async () => {
    const empty = missingOf(object, names, values)
    setMissing(empty)
    if (empty.length > 0) return
    setError(null)
    try {
      const chosen = Object.fromEntries(names.filter((n) => n in values).map((n) => [n, values[n]]))
      if (department) await update.mutateAsync({ record: department, values: chosen, quiet: true })
      else await create.mutateAsync({ values: chosen, idempotencyKey: key })
      onClose()
    } catch (e) {
      if (isApiError(e)) setError(e)
    }
  }

  const named = error?.problem.errors?.some((e) => names.includes(e.field))
  return (
    <Modal
      open
      title={
        department
          ? t('departments.editTitle', { name: String(department.name ?? '') })
          : t('departments.add')
      }
      onCancel={onClose}
      onOk={() => void save()}
      okText={app('action.save')}
      confirmLoading={create.isPending || update.isPending}
    >
      {error && !named && (
        <Alert
          type="error"
          showIcon
          role="alert"
          style={{ marginBottom: 16 }}
          title={problemText(error) || app('state.failedText')}
        />
      )}
      <Form layout="vertical" onFinish={() => void save()}>
        <FieldRows
          object={object}
          names={names}
          values={values}
          onChange={(name, v) => setValues((old) => ({ ...old, [name]: v }))}
          error={error}
          missing={missing}
        />
        <button type="submit" hidden />
      </Form>
    </Modal>
  )
}
