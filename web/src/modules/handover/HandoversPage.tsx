import { SwapOutlined } from '@ant-design/icons'
import { Link } from '@tanstack/react-router'
import { Badge } from 'antd'
import { useTranslation } from 'react-i18next'
import { useCatalogue } from '@/api/catalogue'
import { type Handover, useHandovers } from '@/api/handovers'
import { receivedOf, stateWord } from '@/records/handover/run'
import { Person } from '@/ui/Avatar'
import { formatNumber } from '@/ui/number'
import { Page } from '@/ui/Page'
import { ListSkeleton } from '@/ui/Skeletons'
import { EmptyState, ErrorState } from '@/ui/states'
import { useLabel } from '@/ui/useLabel'
import { RelativeTime } from '@/ui/values'
import css from './handover.module.css'

const COLOURS: Record<Handover['state'], 'default' | 'processing' | 'success' | 'error' | 'warning'> = {
  running: 'processing',
  done: 'success',
  failed: 'error',
  cancelled: 'warning',
  interrupted: 'warning',
  undone: 'default',
}

function Row({ handover: h }: { handover: Handover }) {
  const { t } = useTranslation('handover')
  const label = useLabel()
  const { objects } = useCatalogue()
  const what = receivedOf(h.by_object)
  const title = h.from?.title ?? t('list.reassigned')
  return (
    <tr>
      <th scope="row">
        <Link to="/admin/handovers/$id" params={{ id: h.id }} className={css.open}>
          {h.from ? <Person who={{ ...h.from, title }} size={24} /> : title}
        </Link>
      </th>
      <td data-label={t('list.state')}>
        <Badge status={COLOURS[h.state]} text={t(stateWord(h))} />
      </td>
      <td data-label={t('figure.moved')} className={css.number}>
        {formatNumber(h.moved)}
      </td>
      <td data-label={t('list.what')} className={css.what}>
        {what.map((w) => label(objects[w.object]?.plural, w.object)).join(t('comma')) || '—'}
      </td>
      <td data-label={t('list.by')}>{h.started_by && <Person who={h.started_by} />}</td>
      <td data-label={t('list.when')}>
        <RelativeTime value={h.created_at} />
      </td>
    </tr>
  )
}

/** Handovers so far, one's own or, for administrators, everybody's. */
export function HandoversPage() {
  const { t } = useTranslation('handover')
  const list = useHandovers()
  return (
    <Page title={t('list.title')} text={list.data && list.data.length > 0 ? t('list.text') : ''}>
      {list.isError && !list.data ? (
        <ErrorState error={list.error} onRetry={() => void list.refetch()} />
      ) : !list.data ? (
        <ListSkeleton rows={6} columns={5} />
      ) : list.data.length === 0 ? (
        <EmptyState
          icon={<SwapOutlined aria-hidden />}
          title={t('list.none')}
          text={t('list.noneText')}
          actions={<Link to="/admin/users">{t('list.toUsers')}</Link>}
        />
      ) : (
        <table className={css.table}>
          <thead>
            <tr>
              <th scope="col">{t('list.from')}</th>
              <th scope="col">{t('list.state')}</th>
              <th scope="col" className={css.number}>
                {t('figure.moved')}
              </th>
              <th scope="col">{t('list.what')}</th>
              <th scope="col">{t('list.by')}</th>
              <th scope="col">{t('list.when')}</th>
            </tr>
          </thead>
          <tbody>
            {list.data.map((h) => (
              <Row key={h.id} handover={h} />
            ))}
          </tbody>
        </table>
      )}
    </Page>
  )
}
