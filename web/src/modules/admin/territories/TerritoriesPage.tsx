import { GlobalOutlined, PlusOutlined } from '@ant-design/icons'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { App, Button } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { can, useObject } from '@/api/catalogue'
import { useTree } from '@/api/records'
import type { RecordData } from '@/api/types'
import { Page } from '@/ui/Page'
import { ListSkeleton } from '@/ui/Skeletons'
import { EmptyState, ErrorState, NoPermission } from '@/ui/states'
import { branchesOf, type Move } from '../tree/branches'
import { DragTree } from '../tree/DragTree'
import { useTreeMove } from '../tree/useTreeMove'
import { TerritoryDrawer } from './TerritoryDrawer'
import { TerritoryRow } from './TerritoryRow'

const nameOf = (record: RecordData) => String(record.name ?? '')

/** Customers by region and industry, and who works them whoever owns them. */
export function TerritoriesPage() {
  const { t } = useTranslation('admin')
  const { t: app } = useTranslation()
  const { modal } = App.useApp()
  const object = useObject('territory')
  const navigate = useNavigate()
  const { territory: asked } = useSearch({ strict: false }) as { territory?: string }
  const tree = useTree('territory', 'name', { enabled: object !== undefined })
  const carryOut = useTreeMove('territory', nameOf)
  const [editing, setEditing] = useState<{ territory?: RecordData; parent?: RecordData; key: number }>()

  if (!object) {
    return (
      <Page title={t('territories.title')}>
        <NoPermission />
      </Page>
    )
  }
  const records = tree.data ?? []
  const named = records.find((r) => r.id === asked)
  const open = editing ?? (named && { territory: named, key: 0 })
  const close = () => {
    setEditing(undefined)
    if (asked) void navigate({ to: '/admin/territories', search: {}, replace: true })
  }
  const move = (m: Move) =>
    modal.confirm({
      title: m.parent
        ? t('territories.moveAsk', { name: nameOf(m.moved.record), to: nameOf(m.parent.record) })
        : t('territories.moveTopAsk', { name: nameOf(m.moved.record) }),
      content: t('territories.moveText'),
      okText: t('territories.move'),
      cancelText: app('action.cancel'),
      onOk: () => carryOut(m),
    })
  const add = can(object, 'create') && (
    <Button
      type="primary"
      icon={<PlusOutlined aria-hidden />}
      onClick={() => setEditing({ key: Date.now() })}
    >
      {t('territories.add')}
    </Button>
  )

  return (
    <Page
      title={t('territories.title')}
      text={tree.data ? t('territories.count', { count: tree.data.length }) : ''}
      actions={add}
    >
      {tree.isError && !tree.data ? (
        <ErrorState error={tree.error} onRetry={() => void tree.refetch()} />
      ) : tree.isPending ? (
        <ListSkeleton rows={8} columns={4} />
      ) : records.length === 0 ? (
        <EmptyState
          icon={<GlobalOutlined aria-hidden />}
          title={t('territories.none')}
          text={t('territories.noneText')}
          actions={add}
        />
      ) : (
        <DragTree
          top={branchesOf(records)}
          movable={can(object, 'update')}
          nameOf={nameOf}
          onMove={move}
          root={
            <>
              <GlobalOutlined aria-hidden />
              <span>{t('territories.root')}</span>
            </>
          }
          rowOf={(branch) => (
            <TerritoryRow
              object={object}
              branch={branch}
              onEdit={(territory) => setEditing({ territory, key: Date.now() })}
              onAdd={(parent) => setEditing({ parent, key: Date.now() })}
            />
          )}
        />
      )}
      {open && (
        <TerritoryDrawer
          key={open.key}
          object={object}
          territory={open.territory}
          parent={open.parent}
          onClose={close}
        />
      )}
    </Page>
  )
}
