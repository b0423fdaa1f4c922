import { ApartmentOutlined, BankOutlined, PlusOutlined } from '@ant-design/icons'
import { App, Button } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { can, useCatalogue, useObject } from '@/api/catalogue'
import { useAggregate, useTree } from '@/api/records'
import type { RecordData } from '@/api/types'
import { asRef } from '@/fields'
import { Page } from '@/ui/Page'
import { ListSkeleton } from '@/ui/Skeletons'
import { EmptyState, ErrorState, NoPermission } from '@/ui/states'
import css from './admin.module.css'
import { DepartmentDialog } from './DepartmentDialog'
import { DepartmentRow, type Heads } from './DepartmentRow'
import { branchesOf, type Move, sumWithin } from './tree/branches'
import { DragTree } from './tree/DragTree'
import { useTreeMove } from './tree/useTreeMove'

const nameOf = (record: RecordData) => String(record.name ?? '')

/** How many people each department has by itself. */
function useHeads(active: boolean, enabled: boolean): Map<string, number> {
  const people = useAggregate(
    'user',
    { group_by: ['department'], measures: [{ fn: 'count' }], filter: ['active', '=', active] },
    { enabled },
  )
  return new Map(people.data?.map((row) => [asRef(row.department)?.id ?? '', Number(row.count ?? 0)]) ?? [])
}

export function DepartmentsPage() {
  const { t } = useTranslation('admin')
  const { t: app } = useTranslation()
  const { modal } = App.useApp()
  const { workspace } = useCatalogue()
  const object = useObject('department')
  const tree = useTree('department', object?.title ?? 'name', { enabled: object !== undefined })
  const known = object !== undefined
  const heads: Heads = { active: useHeads(true, known), inactive: useHeads(false, known) }
  const carryOut = useTreeMove('department', nameOf, true)
  const [editing, setEditing] = useState<{ department?: RecordData; parent?: RecordData; key: number }>()

  if (!object) {
    return (
      <Page title={t('departments.title')} narrow>
        <NoPermission />
      </Page>
    )
  }
  const top = branchesOf(tree.data ?? [])
  const move = (m: Move) => {
    // A new order concerns nobody; a new parent changes who sees whose records.
    if (!m.elsewhere) return void carryOut(m)
    const name = nameOf(m.moved.record)
    const people = sumWithin(m.moved, heads.active)
    const closed = sumWithin(m.moved, heads.inactive)
    modal.confirm({
      title: m.parent
        ? t('departments.moveAsk', { name, to: nameOf(m.parent.record) })
        : t('departments.moveTopAsk', { name }),
      content: (
        <>
          <p>
            {t('departments.movePeople', { count: people })}
            {closed > 0 && t('departments.moveInactive', { count: closed })}
          </p>
          <p>{t('departments.moveText')}</p>
        </>
      ),
      okText: t('departments.move'),
      cancelText: app('action.cancel'),
      onOk: () => carryOut(m),
    })
  }
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
        <DragTree
          top={top}
          ordered
          movable={can(object, 'update')}
          nameOf={nameOf}
          onMove={move}
          root={
            <>
              <BankOutlined aria-hidden />
              <span className={css.branchName}>{workspace.title}</span>
              <span className={css.people}>
                {t('departments.people', { count: top.reduce((n, b) => n + sumWithin(b, heads.active), 0) })}
              </span>
            </>
          }
          rowOf={(branch) => (
            <DepartmentRow
              object={object}
              branch={branch}
              heads={heads}
              onEdit={(department) => setEditing({ department, key: Date.now() })}
              onAdd={(parent) => setEditing({ parent, key: Date.now() })}
            />
          )}
        />
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
