import { Form, Modal } from 'antd'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { ObjectDef } from '@/api/types'
import { FieldRows } from '../FieldRows'
import { Trouble } from './Trouble'
import type { RecordEdit } from './useRecordEdit'

interface Props {
  object: ObjectDef
  names: string[]
  edit: RecordEdit
  title: string
  okText?: string
  onSave(): void
  onClose(): void
  /** Below the fields. */
  children?: ReactNode
}

/** A short form of a record in a dialog; Enter saves. */
export function EditDialog({ object, names, edit, title, okText, onSave, onClose, children }: Props) {
  const { t } = useTranslation()
  return (
    <Modal
      open
      title={title}
      onCancel={onClose}
      onOk={onSave}
      okText={okText ?? t('action.save')}
      confirmLoading={edit.busy}
    >
      <Trouble error={edit.trouble} />
      <Form layout="vertical" onFinish={onSave}>
        <FieldRows object={object} names={names} {...edit.rows} />
        {children}
        <button type="submit" hidden />
      </Form>
    </Modal>
  )
}
