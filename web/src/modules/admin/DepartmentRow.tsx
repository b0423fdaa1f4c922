import { Link } from '@tanstack/react-router'
import { Tooltip } from 'antd'
import { useTranslation } from 'react-i18next'
import type { FilterExpr, ObjectDef } from '@/api/types'
import { asRef } from '@/fields'
import { Person } from '@/ui/Avatar'
import css from './admin.module.css'
import { type Branch, sumWithin } from './tree/branches'
import { titleOf } from './tree/kind'
import { RowActions } from './tree/RowActions'
import type { RowEdit } from './tree/TreePage'

/** People by department: those in use, and those whose account is closed. */
export interface Heads {
  active: Map<string, number>
  inactive: Map<string, number>
}

interface Props extends RowEdit {
  object: ObjectDef
  branch: Branch
  heads: Heads
}

/** What stands in the row of a department. */
export function DepartmentRow({ object, branch, heads, onEdit, onAdd }: Props) {
  const { t } = useTranslation('admin')
  const { record, children } = branch
  const head = asRef(record.manager)
  const people = sumWithin(branch, heads.active)
  const closed = sumWithin(branch, heads.inactive)
  const those = (active: boolean): FilterExpr => ({
    and: [
      ['department', 'under', record.id],
      ['active', '=', active],
    ],
  })
  const full = people + closed > 0 || children.length > 0
  return (
    <>
      <span className={css.branchName}>{titleOf(record)}</span>
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
      <RowActions
        kind="departments"
        object={object}
        record={record}
        full={full}
        onEdit={onEdit}
        onAdd={onAdd}
      />
    </>
  )
}
