import {
  CaretDownOutlined,
  CaretRightOutlined,
  DeleteOutlined,
  EditOutlined,
  PlusOutlined,
} from '@ant-design/icons'
import { Link } from '@tanstack/react-router'
import { Button, Popconfirm, Tooltip } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { can } from '@/api/catalogue'
import { useRemove } from '@/api/mutations'
import type { FilterExpr, ObjectDef, RecordData } from '@/api/types'
import { asRef } from '@/fields'
import { Person } from '@/ui/Avatar'
import css from './admin.module.css'
import { type Branch, headCount } from './DepartmentsPage'

interface Props {
  object: ObjectDef
  branch: Branch
  depth: number
  counts: Map<string, number>
  onEdit(department: RecordData): void
  onAdd(parent: RecordData): void
}

export function DepartmentRow({ object, branch, depth, counts, onEdit, onAdd }: Props) {
  const { t } = useTranslation('admin')
  const [open, setOpen] = useState(true)
  const remove = useRemove('department')
  const { record, children } = branch
  const name = String(record.name ?? '')
  const head = asRef(record.manager)
  const people = headCount(branch, counts)
  const filter: FilterExpr = ['department', 'under', record.id]
  // The server would refuse; saying why beforehand spares the try.
  const full = people > 0 || children.length > 0
  return (
    <li>
      <div className={css.branch} style={{ paddingLeft: 8 + depth * 24 }}>
        {children.length > 0 ? (
          <Button
            type="text"
            size="small"
            icon={open ? <CaretDownOutlined aria-hidden /> : <CaretRightOutlined aria-hidden />}
            aria-expanded={open}
            aria-label={t(open ? 'departments.fold' : 'departments.unfold', { name })}
            onClick={() => setOpen(!open)}
          />
        ) : (
          <span className={css.leaf} />
        )}
        <span className={css.branchName}>{name}</span>
        <span className={css.head}>{head && <Person who={head} />}</span>
        <Link to="/o/$object" params={{ object: 'user' }} search={{ filter }} className={css.people}>
          {t('departments.people', { count: people })}
        </Link>
        <span className={css.branchActions}>
          {can(object, 'create') && (
            <Tooltip title={t('departments.addBelow')}>
              <Button
                type="text"
                size="small"
                icon={<PlusOutlined aria-hidden />}
                aria-label={t('departments.addBelowFor', { name })}
                onClick={() => onAdd(record)}
              />
            </Tooltip>
          )}
          {can(object, 'update') && (
            <Tooltip title={t('departments.edit')}>
              <Button
                type="text"
                size="small"
                icon={<EditOutlined aria-hidden />}
                aria-label={t('departments.editFor', { name })}
                onClick={() => onEdit(record)}
              />
            </Tooltip>
          )}
          {can(object, 'delete') &&
            (full ? (
              <Tooltip title={t('departments.full')}>
                <Button
                  type="text"
                  size="small"
                  icon={<DeleteOutlined aria-hidden />}
                  aria-disabled
                  className={css.barred}
                  aria-label={`${t('departments.deleteFor', { name })} · ${t('departments.full')}`}
                />
              </Tooltip>
            ) : (
              <Popconfirm
                title={t('departments.deleteAsk', { name })}
                okButtonProps={{ danger: true }}
                okText={t('departments.delete')}
                onConfirm={() => remove.mutateAsync({ id: record.id, title: name }).catch(() => {})}
              >
                <Button
                  type="text"
                  size="small"
                  icon={<DeleteOutlined aria-hidden />}
                  aria-label={t('departments.deleteFor', { name })}
                />
              </Popconfirm>
            ))}
        </span>
      </div>
      {open && children.length > 0 && (
        <ul className={css.below}>
          {children.map((c) => (
            <DepartmentRow
              key={c.record.id}
              object={object}
              branch={c}
              depth={depth + 1}
              counts={counts}
              onEdit={onEdit}
              onAdd={onAdd}
            />
          ))}
        </ul>
      )}
    </li>
  )
}
