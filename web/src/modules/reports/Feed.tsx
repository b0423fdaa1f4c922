import { FileDoneOutlined } from '@ant-design/icons'
import { Button, Segmented } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useRecords } from '@/api/records'
import { useViewer } from '@/api/session'
import type { FilterExpr } from '@/api/types'
import { type ReportKind, reportKinds } from '@/api/work'
import page from '@/ui/page.module.css'
import { ListSkeleton } from '@/ui/Skeletons'
import { EmptyState, ErrorState } from '@/ui/states'
import { ReportCard } from './ReportCard'
import css from './reports.module.css'

type Whose = 'others' | 'mine'

/** Reports, newest first. */
export function Feed() {
  const { t } = useTranslation('work')
  const me = useViewer().id
  const [kind, setKind] = useState<ReportKind | 'all'>('all')
  const [whose, setWhose] = useState<Whose>('others')
  const filter = {
    and: [['owner', whose === 'mine' ? '=' : '!=', me], ...(kind === 'all' ? [] : [['kind', '=', kind]])],
  } as FilterExpr
  const list = useRecords('work_report', { filter, sort: '-sent_at', limit: 20 })
  const items = list.data?.pages.flatMap((page) => page.items) ?? []
  return (
    <>
      <div className={page.tools}>
        <Segmented<Whose>
          aria-label={t('whose.label')}
          value={whose}
          options={(['others', 'mine'] as const).map((value) => ({ value, label: t(`whose.${value}`) }))}
          onChange={setWhose}
        />
        <Segmented<ReportKind | 'all'>
          aria-label={t('kind.label')}
          value={kind}
          options={(['all', ...reportKinds] as const).map((value) => ({ value, label: t(`kind.${value}`) }))}
          onChange={setKind}
        />
      </div>
      {list.isError && !list.data ? (
        <ErrorState error={list.error} onRetry={() => void list.refetch()} />
      ) : !list.data ? (
        <ListSkeleton rows={8} columns={1} />
      ) : items.length === 0 ? (
        <EmptyState
          icon={<FileDoneOutlined aria-hidden />}
          title={t(`nothing.${whose}`)}
          text={t('nothing.text')}
        />
      ) : (
        <div className={css.feed} aria-busy={list.isPlaceholderData}>
          {items.map((report) => (
            <ReportCard key={report.id} report={report} />
          ))}
          {list.hasNextPage && (
            <Button block loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
              {t('older')}
            </Button>
          )}
        </div>
      )}
    </>
  )
}
