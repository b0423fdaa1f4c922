import { SmileOutlined } from '@ant-design/icons'
import { useTranslation } from 'react-i18next'
import { useRecords } from '@/api/records'
import type { Customer } from '@/api/types'
import { RelativeTime } from '@/ui/values'
import { AllLink } from '../AllLink'
import type { CardDef, CardProps } from '../card'
import { DeskCard } from '../DeskCard'
import { customersDue, has } from '../filters'
import css from '../home.module.css'
import { Nothing } from '../Nothing'
import { useLines } from '../useLines'
import { CustomerRow } from './CustomerRow'

/** Whom one promised to call by now. */
function Contact({ scope, seen }: CardProps) {
  const lines = useLines()
  const { t } = useTranslation('home')
  const filter = customersDue(scope)
  const sort = 'next_contact_at'
  const list = useRecords('customer', { filter, sort, limit: lines, count: true }, { enabled: seen })
  const items = (list.data?.pages[0]?.items ?? []) as Customer[]
  const total = list.data?.pages[0]?.total ?? items.length
  return (
    <DeskCard
      title={t('contact.title')}
      extra={<AllLink object="customer" search={{ filter, sort }} count={total} />}
      asked={list}
      empty={
        items.length === 0 && (
          <Nothing
            icon={<SmileOutlined aria-hidden />}
            title={t('contact.none')}
            text={t('contact.noneText')}
          />
        )
      }
    >
      <ul className={css.rows}>
        {items.map((c) => (
          <CustomerRow
            key={c.id}
            record={c}
            scope={scope}
            tail={
              c.next_contact_at && (
                <RelativeTime value={c.next_contact_at} className={`${css.rowTail} ${css.late}`} />
              )
            }
          />
        ))}
      </ul>
    </DeskCard>
  )
}

export const contact: CardDef = {
  id: 'contact',
  icon: 'phone',
  width: 'narrow',
  fits: ({ objects }) => has(objects.customer, 'owner', 'next_contact_at'),
  View: Contact,
}
