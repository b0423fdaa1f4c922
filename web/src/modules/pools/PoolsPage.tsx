import { InboxOutlined } from '@ant-design/icons'
import { Link, Navigate, useParams } from '@tanstack/react-router'
import { Button } from 'antd'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { useCatalogue, useMay, usePools, usePreference } from '@/api/hooks'
import { Saver } from '@/records/parts/Saver'
import { Page } from '@/ui/Page'
import { ListSkeleton } from '@/ui/Skeletons'
import { EmptyState, ErrorState, NoPermission } from '@/ui/states'
import { PoolList } from './PoolList'

/** The pools of the viewer: records that belong to nobody, for him to take. */
export function PoolsPage() {
  const { t } = useTranslation('pools')
  const { id } = useParams({ strict: false }) as { id?: string }
  const { objects } = useCatalogue()
  const admin = useMay('administer') && objects.pool !== undefined
  const list = usePools()
  const [kept, keep] = usePreference('pool', '')
  // One of a kind of record that he may not see at all is of no use to him.
  const pools = (list.data ?? []).filter((p) => objects[p.object])
  const pool = pools.find((p) => p.id === id)
  const object = pool && objects[pool.object]

  useEffect(() => {
    if (pool && pool.id !== kept) keep(pool.id)
  }, [pool, kept, keep])

  if (pool && object) {
    return (
      <Saver object={object} key={pool.id}>
        <PoolList pools={pools} pool={pool} object={object} />
      </Saver>
    )
  }
  const [first] = pools
  if (id === undefined && first) {
    const to = pools.find((p) => p.id === kept) ?? first
    return <Navigate to="/pools/$id" params={{ id: to.id }} search={{}} replace />
  }
  const settings = admin && (
    <Link to="/admin/pools">
      <Button tabIndex={-1}>{t('toSettings')}</Button>
    </Link>
  )
  return (
    <Page title={t('title')}>
      {list.isError ? (
        <ErrorState error={list.error} onRetry={() => void list.refetch()} />
      ) : list.isLoading ? (
        <ListSkeleton rows={12} columns={6} />
      ) : pools.length === 0 ? (
        <EmptyState
          icon={<InboxOutlined aria-hidden />}
          title={t('none')}
          text={t(admin ? 'noneTextAdmin' : 'noneText')}
          actions={settings}
        />
      ) : (
        <NoPermission
          title={t('notMine')}
          text={t('notMineText')}
          actions={
            <>
              <Link to="/pools">
                <Button tabIndex={-1}>{t('toMine')}</Button>
              </Link>
              {settings}
            </>
          }
        />
      )}
    </Page>
  )
}
