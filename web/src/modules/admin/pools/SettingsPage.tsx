import { PlusOutlined } from '@ant-design/icons'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { Button, Switch } from 'antd'
import { type ComponentType, type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { can, useMay, useObject } from '@/api/catalogue'
import { useUpdate } from '@/api/mutations'
import { useRecord, useRecords } from '@/api/records'
import type { ObjectDef, RecordData } from '@/api/types'
import { Page } from '@/ui/Page'
import { ListSkeleton } from '@/ui/Skeletons'
import { EmptyState, ErrorState, NoPermission } from '@/ui/states'
import { useLabel } from '@/ui/useLabel'
import admin from '../admin.module.css'
import css from './pools.module.css'

export interface DrawerProps {
  object: ObjectDef
  record?: RecordData
  onClose(): void
}

interface Column {
  key: string
  title: string
  show(record: RecordData): ReactNode
  wide?: boolean
}

interface Props {
  name: 'pool' | 'recycle_rule' | 'capacity'
  path: '/admin/pools' | '/admin/recycle-rules' | '/admin/capacities'
  /** The words: their part of the namespace. */
  words: 'poolSettings' | 'recycleRules' | 'capacities'
  icon: ReactNode
  columns(object: ObjectDef): Column[]
  Drawer: ComponentType<DrawerProps>
}

/** Settings that are records, few of them: one line each that says what it does, switched on and off there, changed at the side. */
export function SettingsPage({ name, path, words, icon, columns, Drawer }: Props) {
  const { t } = useTranslation('pools')
  const { t: more } = useTranslation('admin')
  const label = useLabel()
  const object = useObject(name)
  const may = useMay('administer') && object !== undefined
  const navigate = useNavigate()
  const { open: asked } = useSearch({ strict: false }) as { open?: string }
  const list = useRecords(name, { sort: 'name', limit: 100, count: true }, { enabled: may })
  const named = useRecord(name, asked, { enabled: may })
  const [editing, setEditing] = useState<{ record?: RecordData; key: number }>()

  if (!may) {
    return (
      <Page title={t(`${words}.title`)}>
        <NoPermission />
      </Page>
    )
  }
  const records = list.data?.pages.flatMap((p) => p.items) ?? []
  const total = list.data?.pages[0]?.total
  const open = editing ?? (asked && named.data ? { record: named.data, key: 0 } : undefined)
  const close = () => {
    setEditing(undefined)
    if (asked) void navigate({ to: path, search: {}, replace: true })
  }
  const add = can(object, 'create') && (
    <Button
      type="primary"
      icon={<PlusOutlined aria-hidden />}
      onClick={() => setEditing({ key: Date.now() })}
    >
      {t(`${words}.add`)}
    </Button>
  )
  const shown = columns(object)

  return (
    <Page
      title={t(`${words}.title`)}
      text={total === undefined ? '' : t(`${words}.count`, { count: total })}
      actions={add}
    >
      {asked && named.isError && <ErrorState error={named.error} compact />}
      {list.isError && !list.data ? (
        <ErrorState error={list.error} onRetry={() => void list.refetch()} />
      ) : list.isPending ? (
        <ListSkeleton rows={6} columns={5} />
      ) : records.length === 0 ? (
        <EmptyState icon={icon} title={t(`${words}.none`)} text={t(`${words}.noneText`)} actions={add} />
      ) : (
        <>
          <table className={`${admin.table} ${css.table}`}>
            <thead>
              <tr>
                <th scope="col">{label(object.fields.name?.label)}</th>
                <th scope="col">{label(object.fields.object?.label)}</th>
                {shown.map((c) => (
                  <th scope="col" key={c.key}>
                    {c.title}
                  </th>
                ))}
                <th scope="col">{label(object.fields.active?.label)}</th>
              </tr>
            </thead>
            <tbody>
              {records.map((record) => (
                <Row
                  key={record.id}
                  object={object}
                  record={record}
                  columns={shown}
                  onEdit={() => setEditing({ record, key: Date.now() })}
                />
              ))}
            </tbody>
          </table>
          {list.hasNextPage && (
            <div className={admin.more}>
              <Button loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
                {more('more')}
              </Button>
            </div>
          )}
        </>
      )}
      {open && <Drawer key={open.key} object={object} record={open.record} onClose={close} />}
    </Page>
  )
}

interface RowProps {
  object: ObjectDef
  record: RecordData
  columns: Column[]
  onEdit(): void
}

function Row({ object, record, columns, onEdit }: RowProps) {
  const { t } = useTranslation('admin')
  const label = useLabel()
  const update = useUpdate(object.name)
  const name = String(record.name ?? '')
  const on = record.active === true
  const option = object.fields.object?.options?.find((o) => o.value === record.object)
  return (
    <tr className={on ? undefined : admin.off}>
      <td className={css.first}>
        <button type="button" className={admin.name} onClick={onEdit}>
          {name}
        </button>
      </td>
      <td data-label={label(object.fields.object?.label)}>
        {label(option?.label, String(record.object ?? ''))}
      </td>
      {columns.map((c) => (
        <td key={c.key} data-label={c.title} className={c.wide ? css.wide : undefined}>
          {c.show(record)}
        </td>
      ))}
      <td data-label={label(object.fields.active?.label)} className={css.switch}>
        <Switch
          size="small"
          checked={on}
          disabled={!can(object, 'update')}
          aria-label={t('sharing.activeFor', { name })}
          onChange={(active) => update.mutate({ record, values: { active } })}
        />
      </td>
    </tr>
  )
}
