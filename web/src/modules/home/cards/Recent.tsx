import { HistoryOutlined } from '@ant-design/icons'
import { useTranslation } from 'react-i18next'
import { useCatalogue } from '@/api/catalogue'
import { useRecent } from '@/api/resources'
import { Icon } from '@/ui/Icon'
import { Card } from '@/ui/Page'
import { RecordLink } from '@/ui/RecordLink'
import { TextSkeleton } from '@/ui/Skeletons'
import { EmptyState, ErrorState } from '@/ui/states'
import { useLabel } from '@/ui/useLabel'
import { RelativeTime } from '@/ui/values'
import css from './home.module.css'

export function Recent() {
  const { t } = useTranslation('home')
  const label = useLabel()
  const { objects } = useCatalogue()
  const recent = useRecent(10)
  return (
    <Card title={t('recent.title')} flush>
      {recent.isPending && (
        <div className={css.pad}>
          <TextSkeleton lines={5} />
        </div>
      )}
      {recent.isError && <ErrorState error={recent.error} onRetry={() => void recent.refetch()} compact />}
      {recent.data?.length === 0 && (
        <EmptyState
          icon={<HistoryOutlined aria-hidden />}
          compact
          title={t('recent.none')}
          text={t('recent.noneText')}
        />
      )}
      {recent.data && recent.data.length > 0 && (
        <ul className={css.rows}>
          {recent.data.map((item) => (
            <li key={`${item.object}/${item.id}`} className={css.row}>
              <span className={css.rowIcon} title={label(objects[item.object]?.label)}>
                <Icon name={objects[item.object]?.icon} />
              </span>
              <span className={css.rowMain}>
                <RecordLink object={item.object} id={item.id} className={css.rowTitle}>
                  {item.title}
                </RecordLink>
              </span>
              <RelativeTime value={item.at} className={css.rowTail} />
            </li>
          ))}
        </ul>
      )}
    </Card>
  )
}
