import { GlobalOutlined } from '@ant-design/icons'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { App } from 'antd'
import { useTranslation } from 'react-i18next'
import { useObject } from '@/api/catalogue'
import { Page } from '@/ui/Page'
import { NoPermission } from '@/ui/states'
import type { Move } from '../tree/branches'
import { titleOf } from '../tree/kind'
import { TreePage } from '../tree/TreePage'
import { TerritoryDrawer } from './TerritoryDrawer'
import { TerritoryRow } from './TerritoryRow'

/** Customers by region and industry, and who works them whoever owns them. */
export function TerritoriesPage() {
  const { t } = useTranslation('admin')
  const { t: app } = useTranslation()
  const { modal } = App.useApp()
  const object = useObject('territory')
  const navigate = useNavigate()
  const { territory: asked } = useSearch({ strict: false }) as { territory?: string }

  if (!object) {
    return (
      <Page title={t('territories.title')}>
        <NoPermission />
      </Page>
    )
  }
  const move = (m: Move, carryOut: () => Promise<void>) =>
    modal.confirm({
      title: m.parent
        ? t('territories.moveAsk', { name: titleOf(m.moved.record), to: titleOf(m.parent.record) })
        : t('territories.moveTopAsk', { name: titleOf(m.moved.record) }),
      content: t('territories.moveText'),
      okText: t('territories.move'),
      cancelText: app('action.cancel'),
      onOk: carryOut,
    })
  return (
    <TreePage
      kind="territories"
      object={object}
      icon={<GlobalOutlined aria-hidden />}
      asked={asked}
      onAskedClosed={() => void navigate({ to: '/admin/territories', search: {}, replace: true })}
      onMove={move}
      root={() => (
        <>
          <GlobalOutlined aria-hidden />
          <span>{t('territories.root')}</span>
        </>
      )}
      rowOf={(branch, edit) => <TerritoryRow object={object} branch={branch} {...edit} />}
      form={({ record, parent }, close) => (
        <TerritoryDrawer object={object} territory={record} parent={parent} onClose={close} />
      )}
    />
  )
}
