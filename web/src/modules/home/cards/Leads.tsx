import { AimOutlined } from '@ant-design/icons'
import { useTranslation } from 'react-i18next'
import { useCatalogue } from '@/api/catalogue'
import { useRecords } from '@/api/records'
import type { RecordData } from '@/api/types'
import { Chip } from '@/ui/Chip'
import { RecordLink } from '@/ui/RecordLink'
import { useLabel } from '@/ui/useLabel'
import { RelativeTime } from '@/ui/values'
import { AllLink } from '../AllLink'
import type { CardDef, CardProps } from '../card'
import { DeskCard } from '../DeskCard'
import { has, leadsUntouched } from '../filters'
import css from '../home.module.css'
import { Nothing } from '../Nothing'
import { useLines } from '../useLines'

/** Leads one was given and has not spoken to yet, the newest first: the first to call often wins. */
function Leads({ seen }: CardProps) {
  const lines = useLines()
  const { t } = useTranslation('home')
  const label = useLabel()
  const object = useCatalogue().objects.lead
  const sort = has(object, 'owned_since') ? '-owned_since' : '-created_at'
  const search = { filter: leadsUntouched, sort }
  const list = useRecords('lead', { ...search, limit: lines, count: true }, { enabled: seen })
  const items = list.data?.pages[0]?.items ?? []
  const total = list.data?.pages[0]?.total ?? items.length
  const option = (field: string, row: RecordData) =>
    object?.fields[field]?.options?.find((o) => o.value === row[field])
  return (
    <DeskCard
      title={t('leads.title')}
      extra={<AllLink object="lead" search={search} count={total} />}
      asked={list}
      empty={
        items.length === 0 && (
          <Nothing icon={<AimOutlined aria-hidden />} title={t('leads.none')} text={t('leads.noneText')} />
        )
      }
    >
      <ul className={css.rows}>
        {items.map((lead) => {
          const rating = option('rating', lead)
          const title = String(lead[object?.title ?? ''] ?? '')
          // Often it was named by them.
          const who = [lead.company, lead.contact_name].filter((x) => x && !title.includes(String(x)))
          const sub = [...who, label(option('source', lead)?.label)].filter(Boolean).join(' · ')
          const since = String(lead.owned_since ?? lead.created_at ?? '')
          return (
            <li key={lead.id} className={css.row}>
              <span className={css.rowMain}>
                <RecordLink object="lead" id={lead.id} className={css.rowTitle}>
                  {title}
                </RecordLink>
                {sub && <span className={css.rowSub}>{sub}</span>}
              </span>
              {rating && <Chip color={rating.color}>{label(rating.label)}</Chip>}
              {since && <RelativeTime value={since} className={css.rowTail} />}
            </li>
          )
        })}
      </ul>
    </DeskCard>
  )
}

export const leads: CardDef = {
  id: 'leads',
  icon: 'bulb',
  width: 'narrow',
  fits: ({ objects }) => has(objects.lead, 'owner', 'status', 'last_contact_at'),
  View: Leads,
}
