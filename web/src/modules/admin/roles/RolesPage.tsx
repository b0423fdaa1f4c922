import { PlusOutlined, SafetyOutlined } from '@ant-design/icons'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { Button } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useMay, useObject } from '@/api/catalogue'
import { useRecords } from '@/api/records'
import { useRoles } from '@/api/roles'
import { Page } from '@/ui/Page'
import { ListSkeleton } from '@/ui/Skeletons'
import { EmptyState, ErrorState, NoPermission } from '@/ui/states'
import { NewRoleDialog } from './NewRoleDialog'
import { inOrder } from './order'
import { RoleDesigner } from './RoleDesigner'
import { RoleList } from './RoleList'
import css from './roles.module.css'

/** The roles of the workspace, and what the one chosen may do. */
export function RolesPage() {
  const { t } = useTranslation('admin')
  const object = useObject('role')
  const may = useMay('administer') && object !== undefined
  const navigate = useNavigate()
  const { role: chosen } = useSearch({ strict: false }) as { role?: string }
  const records = useRecords('role', { sort: 'created_at', limit: 200 }, { enabled: may })
  const inForce = useRoles({ enabled: may })
  const [adding, setAdding] = useState<number>()

  if (!may) {
    return (
      <Page title={t('roles.title')}>
        <NoPermission />
      </Page>
    )
  }
  const roles = inOrder(records.data?.pages.flatMap((p) => p.items) ?? [], (r) => String(r.code))
  const role = roles.find((r) => r.code === chosen) ?? (chosen ? undefined : roles[0])
  const rights = inForce.data?.find((r) => r.code === role?.code)?.rights
  const choose = (code: string | undefined) =>
    void navigate({ to: '/admin/roles', search: { role: code }, replace: code === undefined })
  const failed = records.error ?? inForce.error

  return (
    <Page
      title={t('roles.title')}
      text={records.data ? t('roles.count', { count: roles.length }) : ''}
      actions={
        // A new role is a copy of one that is in force.
        <Button
          type="primary"
          icon={<PlusOutlined aria-hidden />}
          disabled={!inForce.data}
          onClick={() => setAdding(Date.now())}
        >
          {t('roles.add')}
        </Button>
      }
    >
      {failed && roles.length === 0 ? (
        <ErrorState
          error={failed}
          onRetry={() => void (records.isError ? records.refetch() : inForce.refetch())}
        />
      ) : (
        <div className={css.split}>
          <RoleList roles={roles} chosen={role?.code} onChoose={choose} />
          <div className={css.designer}>
            {role && rights ? (
              <RoleDesigner
                key={role.id}
                object={object}
                role={role}
                rights={rights}
                onGone={() => choose(undefined)}
              />
            ) : !role && records.isSuccess && !records.isFetching ? (
              <EmptyState
                icon={<SafetyOutlined aria-hidden />}
                title={t('roles.unknown')}
                text={t('roles.unknownText')}
              />
            ) : (
              <ListSkeleton rows={12} columns={5} />
            )}
          </div>
        </div>
      )}
      {adding && (
        <NewRoleDialog
          key={adding}
          object={object}
          roles={inOrder(inForce.data ?? [], (r) => r.code)}
          onClose={() => setAdding(undefined)}
          onMade={(made) => choose(String(made.code))}
        />
      )}
    </Page>
  )
}
