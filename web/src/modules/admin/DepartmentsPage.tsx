import { ApartmentOutlined, BankOutlined } from '@ant-design/icons'
import { App } from 'antd'
import { useTranslation } from 'react-i18next'
import { useCatalogue, useObject } from '@/api/catalogue'
import { useAggregate } from '@/api/records'
import type { ObjectDef } from '@/api/types'
import { asRef } from '@/fields'
import { Page } from '@/ui/Page'
import { NoPermission } from '@/ui/states'
import css from './admin.module.css'
import { DepartmentDialog } from './DepartmentDialog'
import { DepartmentRow, type Heads } from './DepartmentRow'
import { type Move, sumWithin } from './tree/branches'
import { titleOf } from './tree/kind'
import { TreePage } from './tree/TreePage'

/** How many people each department has by itself. */
function useHeads(active: boolean): Map<string, number> {
  const people = useAggregate('user', {
    group_by: ['department'],
    measures: [{ fn: 'count' }],
    filter: ['active', '=', active],
  })
  return new Map(people.data?.map((row) => [asRef(row.department)?.id ?? '', Number(row.count ?? 0)]) ?? [])
}

export function DepartmentsPage() {
  const { t } = useTranslation('admin')
  const object = useObject('department')
  return object ? (
    <Departments object={object} />
  ) : (
    <Page title={t('departments.title')} narrow>
      <NoPermission />
    </Page>
  )
}

function Departments({ object }: { object: ObjectDef }) {
  const { t } = useTranslation('admin')
  const { t: app } = useTranslation()
  const { modal } = App.useApp()
  const { workspace } = useCatalogue()
  const heads: Heads = { active: useHeads(true), inactive: useHeads(false) }

  const move = (m: Move, carryOut: () => Promise<void>) => {
    // A new order concerns nobody; a new parent changes who sees whose records.
    if (!m.elsewhere) return void carryOut()
    const name = titleOf(m.moved.record)
    const people = sumWithin(m.moved, heads.active)
    const closed = sumWithin(m.moved, heads.inactive)
    modal.confirm({
      title: m.parent
        ? t('departments.moveAsk', { name, to: titleOf(m.parent.record) })
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
      onOk: carryOut,
    })
  }
  return (
    <TreePage
      kind="departments"
      object={object}
      icon={<ApartmentOutlined aria-hidden />}
      narrow
      ordered
      onMove={move}
      root={(top) => (
        <>
          <BankOutlined aria-hidden />
          <span className={css.branchName}>{workspace.title}</span>
          <span className={css.people}>
            {t('departments.people', { count: top.reduce((n, b) => n + sumWithin(b, heads.active), 0) })}
          </span>
        </>
      )}
      rowOf={(branch, edit) => <DepartmentRow object={object} branch={branch} heads={heads} {...edit} />}
      form={({ record, parent }, close) => (
        <DepartmentDialog object={object} department={record} parent={parent} onClose={close} />
      )}
    />
  )
}
