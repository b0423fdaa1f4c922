import { ApartmentOutlined, PlusOutlined } from '@ant-design/icons'
import { Button } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { can, useObject } from '@/api/catalogue'
import { useAggregate, useTree } from '@/api/records'
import type { RecordData } from '@/api/types'
import { asRef } from '@/fields'
import { Page } from '@/ui/Page'
import { ListSkeleton } from '@/ui/Skeletons'
import { EmptyState, ErrorState, NoPermission } from '@/ui/states'
import css from './admin.module.css'
import { DepartmentDialog } from './DepartmentDialog'
import { DepartmentRow } from './DepartmentRow'

export interface Branch {
  record: RecordData
  children: Branch[]
}

/** The organisation from the top. A department whose parent is not in sight stands at the top. */
function branches(records: RecordData[]): Branch[] {
  const all = new Map<string, Branch>(records.map((record) => [record.id, { record, children: [] }]))
  const top: Branch[] = []
  for (const branch of all.values()) {
    const parent = all.get(asRef(branch.record.parent)?.id ?? '')
    if (parent && parent !== branch) parent.children.push(branch)
    else top.push(branch)
  }
  return top
}

/** People of a department and all below it. */
export const headCount = (b: Branch, own: Map<string, number>): number =>
  (own.get(b.record.id) ?? 0) + b.children.reduce((n, c) => n + headCount(c, own), 0)

export function DepartmentsPage() {
  const { t } = useTranslation('admin')
  const object = useObject('department')
  const tree = useTree('department', object?.title ?? 'name', { enabled: object !== undefined })
  const people = useAggregate(
    'user',
    { group_by: ['department'], measures: [{ fn: 'count' }], filter: ['active', '=', true] },
    { enabled: object !== undefined },
  )
  const [editing, setEditing] = useState<{ department?: RecordData; parent?: RecordData; key: number }>()

  if (!object) {
    return (
      <Page title={t('departments.title')} narrow>
        <NoPermission />
      </Page>
    )
  }
  const counts = new Map(
    people.data?.map((row) => [asRef(row.department)?.id ?? '', Number(row.count ?? 0)]) ?? [],
  )
  const top = branches(tree.data ?? [])
  const add = can(object, 'create') && (
    <Button
      type="primary"
      icon={<PlusOutlined aria-hidden />}
      onClick={() => setEditing({ key: Date.now() })}
    >
      {t('departments.add')}
    </Button>
  )

  return (
    <Page
      title={t('departments.title')}
      text={tree.data ? t('departments.count', { count: tree.data.length }) : ''}
      actions={add}
      narrow
    >
      {tree.isError ? (
        <ErrorState error={tree.error} onRetry={() => void tree.refetch()} />
      ) : tree.isPending ? (
        <ListSkeleton rows={8} columns={3} />
      ) : top.length === 0 ? (
        <EmptyState
          icon={<ApartmentOutlined aria-hidden />}
          title={t('departments.none')}
          text={t('departments.noneText')}
          actions={add}
        />
      ) : (
        <ul className={css.tree}>
          {top.map((b) => (
            <DepartmentRow
              key={b.record.id}
              object={object}
              branch={b}
              depth={0}
              counts={counts}
              onEdit={(department) => setEditing({ department, key: Date.now() })}
              onAdd={(parent) => setEditing({ parent, key: Date.now() })}
            />
          ))}
        </ul>
      )}
      {editing && (
        <DepartmentDialog
          key={editing.key}
          object={object}
          department={editing.department}
          parent={editing.parent}
          onClose={() => setEditing(undefined)}
        />
      )}
    </Page>
  )
}
