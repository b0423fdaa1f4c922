import { Alert, Form, Modal, Select } from 'antd'
import { useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type ApiError, isApiError, randomKey } from '@/api/client'
import { useCreate } from '@/api/mutations'
import type { RoleInForce } from '@/api/roles'
import type { ObjectDef, RecordData } from '@/api/types'
import { problemText } from '@/ui/states'
import { useLabel } from '@/ui/useLabel'
import { FieldRows, missingOf } from '../FieldRows'

interface Props {
  object: ObjectDef
  roles: RoleInForce[]
  onClose(): void
  onMade(role: RecordData): void
}

const names = ['name', 'name_en', 'description']

/** A role begins as the copy of another: few differ from all there are. */
export function NewRoleDialog({ object, roles, onClose, onMade }: Props) {
  const { t } = useTranslation('admin')
  const { t: app } = useTranslation()
  const label = useLabel()
  const id = useId()
  const create = useCreate('role')
  const start = roles.some((r) => r.code === 'member') ? 'member' : roles[0]?.code
  const [from, setFrom] = useState(start)
  const [values, setValues] = useState<Record<string, unknown>>({})
  const [missing, setMissing] = useState<string[]>([])
  const [error, setError] = useState<ApiError | null>(null)
  const [key, setKey] = useState(randomKey)

  const save = async () => {
    const empty = missingOf(object, names, values)
    setMissing(empty)
    if (empty.length > 0 || create.isPending) return
    setError(null)
    const rights = roles.find((r) => r.code === from)?.rights
    try {
      const made = await create.mutateAsync({
        values: { ...values, rights: rights && JSON.stringify(rights) },
        idempotencyKey: key,
      })
      onMade(made)
      onClose()
    } catch (e) {
      if (!isApiError(e)) throw e
      setError(e)
      // Corrected input is another request.
      if (e.code !== 'offline') setKey(randomKey())
    }
  }

  const named = error?.problem.errors?.every((e) => names.includes(e.field))
  return (
    <Modal
      open
      title={t('roles.add')}
      onCancel={onClose}
      onOk={() => void save()}
      okText={t('roles.make')}
      confirmLoading={create.isPending}
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
        <Form.Item label={t('roles.copyFrom')} htmlFor={id} extra={t('roles.copyFromText')}>
          <Select
            id={id}
            value={from}
            onChange={setFrom}
            options={roles.map((r) => ({ value: r.code, label: label(r.label, r.code) }))}
          />
        </Form.Item>
        <button type="submit" hidden />
      </Form>
    </Modal>
  )
}
