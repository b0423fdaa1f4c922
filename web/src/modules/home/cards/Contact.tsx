import { SmileOutlined } from '@ant-design/icons'
import { Link } from '@tanstack/react-router'
import { Button, Tooltip } from 'antd'
import { useTranslation } from 'react-i18next'
import { can, useCatalogue } from '@/api/catalogue'
import { useRecords } from '@/api/records'
import type { Customer } from '@/api/types'
import { useCreateRecord } from '@/ui/create'
import { Icon } from '@/ui/Icon'
import { Card } from '@/ui/Page'
import { RecordLink } from '@/ui/RecordLink'
import { TextSkeleton } from '@/ui/Skeletons'
import { EmptyState, ErrorState } from '@/ui/states'
import { relativeTime } from '@/ui/time'
import { RelativeTime } from '@/ui/values'
import { customersDue, has, type Scope } from './filters'
import css from './home.module.css'

function Row({ customer, title, scope }: { customer: Customer; title: string; scope: Scope }) {
  const { t } = useTranslation('home')
  const { objects } = useCatalogue()
  const create = useCreateRecord()
  const { last_contact_at: last, next_contact_at: due } = customer
  // Who spoke with him last, when and about what: said before anybody reaches for the phone.
  const told = last
    ? [
        t('contact.last', { when: relativeTime(last) }),
        // The owner stands before it already.
        scope === 'all' && customer.last_contact_by?.id === customer.owner?.id
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
          {scope === 'all' && customer.owner?.title ? `${customer.owner.title} · ` : ''}
          {told}
        </span>
      </span>
      {due && <RelativeTime value={due} className={`${css.rowTail} ${css.late}`} />}
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

export function ContactList({ scope }: { scope: Scope }) {
  const { t } = useTranslation('home')
  const { objects } = useCatalogue()
  const object = objects.customer
  const there = has(object, 'next_contact_at')
  const filter = customersDue(scope)
  const list = useRecords(
    'customer',
    { filter, sort: 'next_contact_at', limit: 8, count: true },
    { enabled: there },
  )
  if (!there) return null
  const items = list.data?.pages[0]?.items ?? []
  const total = list.data?.pages[0]?.total ?? items.length
  return (
    <Card
      title={t('contact.title')}
      flush
      extra={
        total > 0 && (
          <Link to="/o/$object" params={{ object: 'customer' }} search={{ filter, sort: 'next_contact_at' }}>
            {t('all', { count: total })}
          </Link>
        )
      }
    >
      {list.isPending && (
        <div className={css.pad}>
          <TextSkeleton lines={5} />
        </div>
      )}
      {list.isError && <ErrorState error={list.error} onRetry={() => void list.refetch()} compact />}
      {list.data && items.length === 0 && (
        <EmptyState
          icon={<SmileOutlined aria-hidden />}
          compact
          title={t('contact.none')}
          text={t('contact.noneText')}
        />
      )}
      {items.length > 0 && (
        <ul className={css.rows}>
          {items.map((c) => (
            <Row key={c.id} customer={c} title={String(c[object.title] ?? '')} scope={scope} />
          ))}
        </ul>
      )}
    </Card>
  )
}
