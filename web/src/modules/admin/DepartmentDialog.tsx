import { useTranslation } from 'react-i18next'
import type { ObjectDef, RecordData } from '@/api/types'
import { EditDialog } from './edit/EditDialog'
import { useRecordEdit, useTyped } from './edit/useRecordEdit'

interface Props {
  object: ObjectDef
  department?: RecordData
  parent?: RecordData
  onClose(): void
}

export function DepartmentDialog({ object, department, parent, onClose }: Props) {
  const { t } = useTranslation('admin')
  const names = object.layout.create?.fields ?? ['name', 'parent', 'manager', 'sort_order']
  const edit = useRecordEdit({
    object,
    names,
    record: department,
    start: parent && { parent: { id: parent.id, title: String(parent.name ?? '') } },
    typed: useTyped(),
    onSaved: onClose,
  })
  return (
    <EditDialog
      object={object}
      names={names}
      edit={edit}
      title={
        department
          ? t('departments.editTitle', { name: String(department.name ?? '') })
          : t('departments.add')
      }
      onSave={() => void edit.save()}
      onClose={onClose}
    />
  )
}
