import { Button, Tooltip } from 'antd'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { can, useCatalogue } from '@/api/catalogue'
import type { Customer, RecordData } from '@/api/types'
import { useCreateRecord } from '@/ui/create'
import { Icon } from '@/ui/Icon'
import { RecordLink } from '@/ui/RecordLink'
import { relativeTime } from '@/ui/time'
import type { Scope } from '../filters'
import css from '../home.module.css'

/** A customer one should speak to: what was said last stands there before anybody reaches for the phone. */
export function CustomerRow({ record, scope, tail }: { record: RecordData; scope: Scope; tail: ReactNode }) {
  const { t } = useTranslation('home')
  const { objects } = useCatalogue()
  const create = useCreateRecord()
  const customer: Customer = record
  const title = String(record[objects.customer?.title ?? ''] ?? '')
  const { last_contact_at: last } = customer
  const told = last
    ? [
        t('contact.last', { when: relativeTime(last) }),
        // The owner stands before it already.
        scope !== 'mine' && customer.last_contact_by?.id === customer.owner?.id
          ? undefined
          : customer.last_contact_by?.title,
        customer.last_contact_summary,
      ]
        .filter(Boolean)
        .join(' · ')
    : t('contact.never')
  return (
    <li className={css.row}>
      <span className={css.rowMain}>
        <RecordLink object="customer" id={customer.id} className={css.rowTitle}>
          {title}
        </RecordLink>
        <span className={css.rowSub} title={told}>
          {scope !== 'mine' && customer.owner?.title ? `${customer.owner.title} · ` : ''}
          {told}
        </span>
      </span>
      {tail}
      {can(objects.follow_up, 'create') && (
        <Tooltip title={t('addFollowUp')}>
          <Button
            type="text"
            size="small"
            icon={<Icon name="edit" />}
            aria-label={t('contact.followUp', { title })}
            onClick={() => create('follow_up', { customer: { id: customer.id, title } })}
          />
        </Tooltip>
      )}
    </li>
  )
}
