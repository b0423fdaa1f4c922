import { PlusOutlined } from '@ant-design/icons'
import { Button } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { can } from '@/api/catalogue'
import { useRecords } from '@/api/records'
import type { ObjectDef, RecordData } from '@/api/types'
import { Chip } from '@/ui/Chip'
import { Icon } from '@/ui/Icon'
import { formatNumber } from '@/ui/number'
import { TextSkeleton } from '@/ui/Skeletons'
import { ErrorState } from '@/ui/states'
import { midSentence, useLabel } from '@/ui/useLabel'
import s from '../detail/detail.module.css'
import { RecordFormDrawer } from '../form/RecordFormDrawer'
import css from './buying.module.css'
import { Member } from './Member'
import { partsOf, withoutPart } from './roles'

const MOST = 200

/** Who has which part in the decision, for or against us; and which parts nobody is known to play. */
export function BuyingCentre({ target, record }: { target: ObjectDef; record: RecordData }) {
  const { t } = useTranslation('records')
  const label = useLabel()
  const [adding, setAdding] = useState<string | null>(null)
  const [changing, setChanging] = useState<string | null>(null)
  const list = useRecords(
    target.name,
    { filter: ['opportunity', '=', record.id], sort: 'created_at', limit: MOST, count: true },
    { keepPrevious: false },
  )
  const members = list.data?.pages[0]?.items ?? []
  const role = target.fields.role?.readable === false ? undefined : target.fields.role
  const mayAdd = can(target, 'create') && (record._can?.includes('update') ?? true)
  const noCustomer = record.customer === null
  const parts = partsOf(role, members)
  const gaps = parts.filter((p) => p.members.length === 0).length
  const here = { id: record.id, title: typeof record.name === 'string' ? record.name : null }
  const initial = {
    opportunity: here,
    customer: record.customer ?? null,
    ...(adding ? { role: adding } : {}),
  }
  const row = (m: RecordData) => (
    <Member key={m.id} target={target} member={m} onChange={() => setChanging(m.id)} />
  )
  return (
    <section className={s.section} aria-label={label(target.plural)}>
      <div className={s.relatedHead}>
        <h2 className={s.sectionTitle}>
          <Icon name={target.icon} className={s.relatedIcon} /> {label(target.plural)}
          <span className={s.count}>{formatNumber(list.data?.pages[0]?.total ?? members.length)}</span>
        </h2>
        <span className={s.grow} />
        {mayAdd && !noCustomer && (
          <Button
            type="text"
            size="small"
            icon={<PlusOutlined aria-hidden />}
            aria-label={t('list.create', { object: midSentence(label(target.label)) })}
            onClick={() => setAdding('')}
          >
            {t('related.add')}
          </Button>
        )}
      </div>
      {list.isError && !list.data ? (
        <ErrorState compact error={list.error} onRetry={() => void list.refetch()} />
      ) : list.isPending ? (
        <TextSkeleton lines={3} />
      ) : (
        <>
          {gaps > 0 && (
            <p className={s.none}>
              {noCustomer
                ? t('buying.noCustomer')
                : t('buying.gaps', { count: gaps, shown: formatNumber(gaps) })}
            </p>
          )}
          <ul className={css.parts}>
            {parts.map((part) => (
              <li key={part.value} className={css.part}>
                <h3 className={css.head}>
                  <Chip color={part.color}>{label(part.label)}</Chip>
                </h3>
                {part.members.length > 0 ? (
                  <ul className={css.members}>{part.members.map(row)}</ul>
                ) : mayAdd && !noCustomer ? (
                  <button type="button" className={css.gap} onClick={() => setAdding(part.value)}>
                    <PlusOutlined aria-hidden /> {t('buying.add', { role: midSentence(label(part.label)) })}
                  </button>
                ) : (
                  <span className={css.empty}>{t('buying.nobody')}</span>
                )}
              </li>
            ))}
            {withoutPart(members).length > 0 && (
              <li className={css.part}>
                <ul className={css.members}>{withoutPart(members).map(row)}</ul>
              </li>
            )}
          </ul>
        </>
      )}
      <RecordFormDrawer
        object={target.name}
        initial={initial}
        open={adding !== null}
        onClose={() => setAdding(null)}
        onSaved={() => {}}
      />
      <RecordFormDrawer
        object={target.name}
        id={changing ?? undefined}
        open={changing !== null}
        onClose={() => setChanging(null)}
        onSaved={() => {}}
      />
    </section>
  )
}
