import { DeleteOutlined, EditOutlined, PlusOutlined } from '@ant-design/icons'
import { Link } from '@tanstack/react-router'
import { Button, Popconfirm, Tooltip } from 'antd'
import { useTranslation } from 'react-i18next'
import { can } from '@/api/catalogue'
import { useRemove } from '@/api/mutations'
import type { FilterExpr, ObjectDef, RecordData } from '@/api/types'
import { asRef } from '@/fields'
import { Person } from '@/ui/Avatar'
import css from './admin.module.css'
import { type Branch, sumWithin } from './tree/branches'

/** People by department: those in use, and those whose account is closed. */
export interface Heads {
  active: Map<string, number>
  inactive: Map<string, number>
}

interface Props {
  object: ObjectDef
  branch: Branch
  heads: Heads
  onEdit(department: RecordData): void
  onAdd(parent: RecordData): void
}

/** What stands in the row of a department. */
export function DepartmentRow({ object, branch, heads, onEdit, onAdd }: Props) {
  const { t } = useTranslation('admin')
  const remove = useRemove('department')
  const { record, children } = branch
  const name = String(record.name ?? '')
  const head = asRef(record.manager)
  const people = sumWithin(branch, heads.active)
  const closed = sumWithin(branch, heads.inactive)
  const those = (active: boolean): FilterExpr => ({
    and: [
      ['department', 'under', record.id],
      ['active', '=', active],
    ],
  })
  // The server would refuse; saying why beforehand spares the try.
  const full = people + closed > 0 || children.length > 0
  return (
    <>
      <span className={css.branchName}>{name}</span>
      <span className={css.head}>
        {head && (
          <Tooltip title={t('departments.head')}>
            <span>
              <Person who={head} />
            </span>
          </Tooltip>
        )}
      </span>
      <span className={css.figures}>
        <Link
          to="/o/$object"
          params={{ object: 'user' }}
          search={{ filter: those(true) }}
          className={css.people}
        >
          {t('departments.people', { count: people })}
        </Link>
        {closed > 0 && (
          <Link
            to="/o/$object"
            params={{ object: 'user' }}
            search={{ filter: those(false) }}
            className={css.closed}
          >
            {t('departments.inactive', { count: closed })}
          </Link>
        )}
      </span>
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
    </>
  )
}
