import { Form, Select } from 'antd'
import { useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { RoleInForce } from '@/api/roles'
import type { ObjectDef, RecordData } from '@/api/types'
import { useLabel } from '@/ui/useLabel'
import { EditDialog } from '../edit/EditDialog'
import { useRecordEdit, useTyped } from '../edit/useRecordEdit'

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
  const label = useLabel()
  const id = useId()
  const start = roles.some((r) => r.code === 'member') ? 'member' : roles[0]?.code
  const [from, setFrom] = useState(start)
  const edit = useRecordEdit({
    object,
    names,
    typed: useTyped(),
    onSaved: (made) => {
      onMade(made)
      onClose()
    },
  })
  const save = () => {
    const rights = roles.find((r) => r.code === from)?.rights
    void edit.save({ rights: rights && JSON.stringify(rights) })
  }
  return (
    <EditDialog
      object={object}
      names={names}
      edit={edit}
      title={t('roles.add')}
      okText={t('roles.make')}
      onSave={save}
      onClose={onClose}
    >
      <Form.Item label={t('roles.copyFrom')} htmlFor={id} extra={t('roles.copyFromText')}>
        <Select
          id={id}
          value={from}
          onChange={setFrom}
          options={roles.map((r) => ({ value: r.code, label: label(r.label, r.code) }))}
        />
      </Form.Item>
    </EditDialog>
  )
}
