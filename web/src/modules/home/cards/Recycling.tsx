import { SafetyOutlined } from '@ant-design/icons'
import { Button, Tooltip } from 'antd'
import { useTranslation } from 'react-i18next'
import { can, useCatalogue } from '@/api/catalogue'
import { useRecycling } from '@/api/pools'
import { followUpOf } from '@/records/detail/followUp'
import { ruleName } from '@/records/pool/words'
import { useCreateRecord } from '@/ui/create'
import { Icon } from '@/ui/Icon'
import { RecordLink } from '@/ui/RecordLink'
import { RelativeTime } from '@/ui/values'
import type { CardDef, CardProps } from '../card'
import { DeskCard } from '../DeskCard'
import css from '../home.module.css'
import { Nothing } from '../Nothing'
import { useLines } from '../useLines'

/** What one loses if one does not act. */
function Recycling({ seen }: CardProps) {
  const lines = useLines()
  const { t } = useTranslation('pools')
  const { t: home } = useTranslation('home')
  const { objects } = useCatalogue()
  const create = useCreateRecord()
  const asked = useRecycling({ enabled: seen })
  const items = asked.data ?? []
  const first = [...items].sort((a, b) => (a.recycle_at < b.recycle_at ? -1 : 1)).slice(0, lines)
  return (
    <DeskCard
      title={t('home.title')}
      extra={items.length > 0 && t('home.count', { count: items.length })}
      asked={asked}
      empty={
        items.length === 0 && (
          <Nothing icon={<SafetyOutlined aria-hidden />} title={t('home.none')} text={t('home.noneText')} />
        )
      }
    >
      <ul className={css.rows}>
        {first.map((item) => {
          const object = objects[item.object]
          const shape = object && followUpOf(objects, object)
          const title = item.title ?? ''
          return (
            <li key={`${item.object} ${item.id}`} className={css.row}>
              <span className={css.rowMain}>
                <RecordLink object={item.object} id={item.id} className={css.rowTitle}>
                  {title}
                </RecordLink>
                <span className={css.rowSub}>
                  {[item.pool?.title && t('home.to', { pool: item.pool.title }), ruleName(item.rule)]
                    .filter(Boolean)
                    .join(' · ')}
                </span>
              </span>
              <RelativeTime value={item.recycle_at} className={`${css.rowTail} ${css.late}`} />
              {shape && can(shape.object, 'create') && (
                <Tooltip title={home('addFollowUp')}>
                  <Button
                    type="text"
                    size="small"
                    icon={<Icon name="edit" />}
                    aria-label={home('contact.followUp', { title })}
                    onClick={() => create('follow_up', { [shape.link.name]: { id: item.id, title } })}
                  />
                </Tooltip>
              )}
            </li>
          )
        })}
      </ul>
    </DeskCard>
  )
}

export const recycling: CardDef = {
  id: 'recycling',
  icon: 'undo',
  width: 'narrow',
  fits: ({ objects }) => Object.values(objects).some((o) => o.fields.recycle_at !== undefined),
  View: Recycling,
}
