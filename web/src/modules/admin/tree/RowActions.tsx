import { DeleteOutlined, EditOutlined, PlusOutlined } from '@ant-design/icons'
import { Button, Popconfirm, Tooltip } from 'antd'
import { useTranslation } from 'react-i18next'
import { can } from '@/api/catalogue'
import { useRemove } from '@/api/mutations'
import type { ObjectDef, RecordData } from '@/api/types'
import { type TreeKind, titleOf } from './kind'
import type { RowEdit } from './TreePage'
import css from './tree.module.css'

interface Props extends RowEdit {
  kind: TreeKind
  object: ObjectDef
  record: RecordData
  /** The server would refuse to delete it; saying why beforehand spares the try. */
  full: boolean
  /** What deleting it means. */
  deleteText?: string
}

/** What can be done with a record of a tree, at the end of its row. */
export function RowActions({ kind, object, record, full, deleteText, onEdit, onAdd }: Props) {
  const { t } = useTranslation('admin')
  const remove = useRemove(object.name)
  const name = titleOf(record)
  return (
    <span className={css.actions}>
      {can(object, 'create') && (
        <Tooltip title={t(`${kind}.addBelow`)}>
          <Button
            type="text"
            size="small"
            icon={<PlusOutlined aria-hidden />}
            aria-label={t(`${kind}.addBelowFor`, { name })}
            onClick={() => onAdd(record)}
          />
        </Tooltip>
      )}
      {can(object, 'update') && (
        <Tooltip title={t(`${kind}.edit`)}>
          <Button
            type="text"
            size="small"
            icon={<EditOutlined aria-hidden />}
            aria-label={t(`${kind}.editFor`, { name })}
            onClick={() => onEdit(record)}
          />
        </Tooltip>
      )}
      {can(object, 'delete') &&
        (full ? (
          <Tooltip title={t(`${kind}.full`)}>
            <Button
              type="text"
              size="small"
              icon={<DeleteOutlined aria-hidden />}
              aria-disabled
              className={css.barred}
              aria-label={`${t(`${kind}.deleteFor`, { name })} · ${t(`${kind}.full`)}`}
            />
          </Tooltip>
        ) : (
          <Popconfirm
            title={t(`${kind}.deleteAsk`, { name })}
            description={deleteText}
            okButtonProps={{ danger: true }}
            okText={t(`${kind}.delete`)}
            onConfirm={() => remove.mutateAsync({ id: record.id, title: name }).catch(() => {})}
          >
            <Button
              type="text"
              size="small"
              icon={<DeleteOutlined aria-hidden />}
              aria-label={t(`${kind}.deleteFor`, { name })}
            />
          </Popconfirm>
        ))}
    </span>
  )
}
