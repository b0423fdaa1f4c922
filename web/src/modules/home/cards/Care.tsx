import { GiftOutlined } from '@ant-design/icons'
import { useTranslation } from 'react-i18next'
import { useCatalogue } from '@/api/catalogue'
import { useRecords } from '@/api/records'
import { asRef } from '@/fields/shared/values'
import { Chip } from '@/ui/Chip'
import { RecordLink } from '@/ui/RecordLink'
import { useLabel } from '@/ui/useLabel'
import { useNow } from '@/ui/useNow'
import { RelativeTime } from '@/ui/values'
import { AllLink } from '../AllLink'
import type { CardDef, CardProps } from '../card'
import { DeskCard } from '../DeskCard'
import { careSoon, has } from '../filters'
import css from '../home.module.css'
import { Nothing } from '../Nothing'
import { useLines } from '../useLines'

/** Of whom one thinks in the next two weeks: birthdays, anniversaries, festivals. */
function Care({ scope, seen }: CardProps) {
  const lines = useLines()
  const { t } = useTranslation('home')
  const label = useLabel()
  useNow()
  const object = useCatalogue().objects.care_date
  const search = { filter: careSoon(scope), sort: 'next_on' }
  const list = useRecords('care_date', { ...search, limit: lines, count: true }, { enabled: seen })
  const items = list.data?.pages[0]?.items ?? []
  const total = list.data?.pages[0]?.total ?? items.length
  return (
    <DeskCard
      title={t('care.title')}
      extra={<AllLink object="care_date" search={search} count={total} />}
      asked={list}
      empty={
        items.length === 0 && (
          <Nothing icon={<GiftOutlined aria-hidden />} title={t('care.none')} text={t('care.noneText')} />
        )
      }
    >
      <ul className={css.rows}>
        {items.map((care) => {
          const kind = object?.fields.kind?.options?.find((o) => o.value === care.kind)
          const sub = [
            scope !== 'mine' && asRef(care.owner)?.title,
            asRef(care.customer)?.title,
            // The first is the day itself.
            Number(care.years) > 0 && t('care.years', { count: Number(care.years) }),
            care.calendar === 'lunar' && t('care.lunar'),
          ]
          const shown = sub.filter(Boolean).join(' · ')
          return (
            <li key={care.id} className={css.row}>
              <span className={css.rowMain}>
                <RecordLink object="care_date" id={care.id} className={css.rowTitle}>
                  {String(care.name ?? '')}
                </RecordLink>
                {shown && (
                  <span className={css.rowSub} title={shown}>
                    {shown}
                  </span>
                )}
              </span>
              {kind && <Chip color={kind.color}>{label(kind.label)}</Chip>}
              <RelativeTime value={String(care.next_on)} className={css.rowTail} />
            </li>
          )
        })}
      </ul>
    </DeskCard>
  )
}

export const care: CardDef = {
  id: 'care',
  icon: 'gift',
  width: 'narrow',
  fits: ({ objects }) => has(objects.care_date, 'owner', 'next_on'),
  View: Care,
}
