import { HistoryOutlined } from '@ant-design/icons'
import { useTranslation } from 'react-i18next'
import { useCatalogue } from '@/api/catalogue'
import { useRecent } from '@/api/resources'
import { Icon } from '@/ui/Icon'
import { RecordLink } from '@/ui/RecordLink'
import { useLabel } from '@/ui/useLabel'
import { RelativeTime } from '@/ui/values'
import type { CardDef, CardProps } from '../card'
import { DeskCard } from '../DeskCard'
import css from '../home.module.css'
import { Nothing } from '../Nothing'
import { useLines } from '../useLines'

/** Back to where one was. */
function Recent({ seen }: CardProps) {
  const lines = useLines()
  const { t } = useTranslation('home')
  const label = useLabel()
  const { objects } = useCatalogue()
  const recent = useRecent(lines, { enabled: seen })
  return (
    <DeskCard
      title={t('recent.title')}
      asked={recent}
      empty={
        recent.data?.length === 0 && (
          <Nothing
            icon={<HistoryOutlined aria-hidden />}
            title={t('recent.none')}
            text={t('recent.noneText')}
          />
        )
      }
    >
      <ul className={css.rows}>
        {recent.data?.map((item) => (
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
    </DeskCard>
  )
}

export const recent: CardDef = {
  id: 'recent',
  icon: 'history',
  width: 'narrow',
  fits: () => true,
  View: Recent,
}
