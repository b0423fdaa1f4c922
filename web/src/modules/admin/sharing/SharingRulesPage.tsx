import { PlusOutlined, ShareAltOutlined } from '@ant-design/icons'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { Button } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { can, useMay, useObject } from '@/api/catalogue'
import { useRecord, useRecords } from '@/api/records'
import type { RecordData } from '@/api/types'
import { Page } from '@/ui/Page'
import { ListSkeleton } from '@/ui/Skeletons'
import { EmptyState, ErrorState, NoPermission } from '@/ui/states'
import { useLabel } from '@/ui/useLabel'
import admin from '../admin.module.css'
import { RuleDrawer } from './RuleDrawer'
import { RuleRow } from './RuleRow'

/** What is shared beyond roles by criteria: which records, with whom, with what right. */
export function SharingRulesPage() {
  const { t } = useTranslation('admin')
  const label = useLabel()
  const object = useObject('sharing_rule')
  const may = useMay('administer') && object !== undefined
  const navigate = useNavigate()
  const { rule: asked } = useSearch({ strict: false }) as { rule?: string }
  const list = useRecords('sharing_rule', { sort: 'name', limit: 100, count: true }, { enabled: may })
  const named = useRecord('sharing_rule', asked, { enabled: may })
  const [editing, setEditing] = useState<{ rule?: RecordData; key: number }>()

  if (!may) {
    return (
      <Page title={t('sharing.title')}>
        <NoPermission />
      </Page>
    )
  }
  const rules = list.data?.pages.flatMap((p) => p.items) ?? []
  const total = list.data?.pages[0]?.total
  const open = editing ?? (asked && named.data ? { rule: named.data, key: 0 } : undefined)
  const close = () => {
    setEditing(undefined)
    if (asked) void navigate({ to: '/admin/sharing-rules', search: {}, replace: true })
  }
  const add = can(object, 'create') && (
    <Button
      type="primary"
      icon={<PlusOutlined aria-hidden />}
      onClick={() => setEditing({ key: Date.now() })}
    >
      {t('sharing.add')}
    </Button>
  )
  const f = object.fields

  return (
    <Page
      title={t('sharing.title')}
      text={total === undefined ? '' : t('sharing.count', { count: total })}
      actions={add}
    >
      {asked && named.isError && <ErrorState error={named.error} compact />}
      {list.isError && !list.data ? (
        <ErrorState error={list.error} onRetry={() => void list.refetch()} />
      ) : list.isPending ? (
        <ListSkeleton rows={6} columns={5} />
      ) : rules.length === 0 ? (
        <EmptyState
          icon={<ShareAltOutlined aria-hidden />}
          title={t('sharing.none')}
          text={t('sharing.noneText')}
          actions={add}
        />
      ) : (
        <>
          <table className={admin.table}>
            <thead>
              <tr>
                <th scope="col">{label(f.name?.label)}</th>
                <th scope="col">{label(f.object?.label)}</th>
                <th scope="col">{label(f.criteria?.label)}</th>
                <th scope="col">{t('sharing.whom')}</th>
                <th scope="col">{label(f.level?.label)}</th>
                <th scope="col">{label(f.active?.label)}</th>
              </tr>
            </thead>
            <tbody>
              {rules.map((rule) => (
                <RuleRow
                  key={rule.id}
                  object={object}
                  rule={rule}
                  onEdit={(r) => setEditing({ rule: r, key: Date.now() })}
                />
              ))}
            </tbody>
          </table>
          {list.hasNextPage && (
            <div className={admin.more}>
              <Button loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
                {t('more')}
              </Button>
            </div>
          )}
        </>
      )}
      {open && <RuleDrawer key={open.key} object={object} rule={open.rule} onClose={close} />}
    </Page>
  )
}
