import { PlusOutlined, SearchOutlined, UserAddOutlined } from '@ant-design/icons'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Button, Segmented } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { can, useObject } from '@/api/catalogue'
import { useRecords } from '@/api/records'
import { search } from '@/api/resources'
import type { FilterExpr, RecordData } from '@/api/types'
import { asRef, kindOf } from '@/fields'
import { Page } from '@/ui/Page'
import { SettledInput } from '@/ui/SettledInput'
import { ListSkeleton } from '@/ui/Skeletons'
import { EmptyState, ErrorState, NoPermission, NothingFound } from '@/ui/states'
import css from './admin.module.css'
import { PasswordDialog } from './PasswordDialog'
import { UserRightsDrawer } from './roles/UserRightsDrawer'
import { UserDrawer } from './UserDrawer'
import { UserTable } from './UserTable'

type Shown = 'active' | 'inactive' | 'all'

/** Names are found the way people type them, pinyin and initials too: that is the search's work, the list then shows the hits. */
function useHits(q: string) {
  return useQuery({
    queryKey: ['records', 'user', 'hits', q],
    queryFn: async ({ signal }) => (await search(q, { object: 'user', limit: 100, signal })).map((h) => h.id),
    enabled: q !== '',
    placeholderData: keepPreviousData,
  })
}

export function UsersPage() {
  const { t } = useTranslation('admin')
  const object = useObject('user')
  const [q, setQ] = useState('')
  const [shown, setShown] = useState<Shown>('active')
  const [department, setDepartment] = useState<unknown>(null)
  const [editing, setEditing] = useState<{ user?: RecordData; key: number }>()
  const [secret, setSecret] = useState<RecordData>()
  const [explained, setExplained] = useState<RecordData>()
  const hits = useHits(q.trim())

  const conditions: FilterExpr[] = []
  if (shown !== 'all') conditions.push(['active', '=', shown === 'active'])
  const under = asRef(department)?.id
  if (under) conditions.push(['department', 'under', under])
  if (q.trim() !== '') conditions.push(['id', 'in', hits.data ?? []])
  const list = useRecords(
    'user',
    {
      filter: conditions.length > 0 ? { and: conditions } : undefined,
      sort: 'name',
      limit: 100,
      count: true,
    },
    { enabled: object !== undefined && (q.trim() === '' || (hits.data?.length ?? 0) > 0) },
  )

  if (!object) {
    return (
      <Page title={t('users.title')}>
        <NoPermission />
      </Page>
    )
  }
  const noHits = q.trim() !== '' && hits.data?.length === 0
  const users = noHits ? [] : (list.data?.pages.flatMap((p) => p.items) ?? [])
  const total = noHits ? 0 : list.data?.pages[0]?.total
  const failed = list.error ?? hits.error
  const filtered = q.trim() !== '' || under !== undefined || shown !== 'active'
  const departmentField = object.fields.department
  const DepartmentPick = departmentField && kindOf(departmentField).Filter
  const add = can(object, 'create') && (
    <Button
      type="primary"
      icon={<PlusOutlined aria-hidden />}
      onClick={() => setEditing({ key: Date.now() })}
    >
      {t('users.add')}
    </Button>
  )

  return (
    <Page
      title={t('users.title')}
      text={total === undefined ? '' : t('users.count', { count: total })}
      actions={add}
    >
      <div className={css.tools}>
        <SettledInput
          value={q}
          onChange={setQ}
          allowClear
          prefix={<SearchOutlined aria-hidden />}
          placeholder={t('users.search')}
          aria-label={t('users.search')}
          className={css.search}
        />
        {DepartmentPick && (
          <div className={css.pick}>
            <DepartmentPick
              field={{ ...departmentField, label: departmentField.label }}
              op="under"
              value={department}
              onChange={setDepartment}
            />
          </div>
        )}
        <Segmented<Shown>
          aria-label={t('users.status')}
          value={shown}
          onChange={setShown}
          options={(['active', 'inactive', 'all'] as const).map((s) => ({
            value: s,
            label: t(`users.${s}`),
          }))}
        />
      </div>
      {failed ? (
        <ErrorState error={failed} onRetry={() => void (list.isError ? list.refetch() : hits.refetch())} />
      ) : users.length > 0 ? (
        <>
          <UserTable
            object={object}
            users={users}
            onEdit={(user) => setEditing({ user, key: Date.now() })}
            onPassword={setSecret}
            onRights={setExplained}
          />
          {list.hasNextPage && (
            <div className={css.more}>
              <Button loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
                {t('more')}
              </Button>
            </div>
          )}
        </>
      ) : list.isPending && !noHits ? (
        <ListSkeleton rows={8} />
      ) : filtered ? (
        <NothingFound
          actions={
            <Button
              onClick={() => {
                setQ('')
                setDepartment(null)
                setShown('active')
              }}
            >
              {t('clearFilter')}
            </Button>
          }
        />
      ) : (
        <EmptyState
          icon={<UserAddOutlined aria-hidden />}
          title={t('users.none')}
          text={t('users.noneText')}
          actions={add}
        />
      )}
      {editing && (
        <UserDrawer
          key={editing.key}
          object={object}
          user={editing.user}
          onClose={() => setEditing(undefined)}
          onRights={setExplained}
        />
      )}
      {secret && <PasswordDialog user={secret} onClose={() => setSecret(undefined)} />}
      {explained && <UserRightsDrawer user={explained} onClose={() => setExplained(undefined)} />}
    </Page>
  )
}
