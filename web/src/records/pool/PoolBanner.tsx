import { ClockCircleOutlined, InboxOutlined } from '@ant-design/icons'
import { Link } from '@tanstack/react-router'
import { Button } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { can, useCatalogue, usePools, useRecycling } from '@/api/hooks'
import type { ObjectDef, RecordData, Ref } from '@/api/types'
import { asRef } from '@/fields'
import { useCreateRecord } from '@/ui/create'
import { fullTime } from '@/ui/time'
import { useNow } from '@/ui/useNow'
import { followUpOf } from '../detail/followUp'
import { useValueText } from '../parts/useFields'
import { AssignDialog } from './AssignDialog'
import s from './pool.module.css'
import { daysToRecycling, soonKey } from './soon'
import { useClaiming } from './useClaiming'
import { useLeave } from './useLeave'
import { ruleName } from './words'

interface Props {
  object: ObjectDef
  record: RecordData
}

/** On a record's page: it lies in a pool and can be claimed, or it will soon go back to one. */
export function PoolBanner({ object, record }: Props) {
  useNow()
  if (object.fields.pool?.to !== 'pool') return null
  const pool = asRef(record.pool)
  if (pool) return <Lying object={object} record={record} pool={pool} />
  const days = daysToRecycling(record.recycle_at)
  return days === undefined ? null : <Soon object={object} record={record} days={days} />
}

function useTitle(object: ObjectDef, record: RecordData) {
  const text = useValueText()
  const field = object.fields[object.title]
  return field ? text(field, record[field.name]) : ''
}

function Lying({ object, record, pool }: Props & { pool: Ref }) {
  const { t } = useTranslation('pools')
  const title = useTitle(object, record)
  const { claim, isPending } = useClaiming(object)
  const leave = useLeave(object)
  const [assigning, setAssigning] = useState(false)
  // Whose pool it is not, of him nothing is offered that would be refused.
  const own = usePools().data?.find((p) => p.id === pool.id)
  const former = asRef(record.former_owner)?.title
  const reason = typeof record.release_reason === 'string' ? record.release_reason : ''
  const told = [former && t('banner.former', { name: former }), reason && t('banner.reason', { reason })]
  return (
    <div className={s.banner} role="status">
      <InboxOutlined aria-hidden />
      <span className={s.words}>
        {t('banner.in', { pool: pool.title ? t('namedPool', { name: pool.title }) : t('aPool') })}{' '}
        <span className={s.sub}>{told.filter(Boolean).join(' · ')}</span>
      </span>
      {own && (
        <span className={s.buttons}>
          <Link to="/pools/$id" params={{ id: own.id }} search={{}}>
            <Button size="small" type="text" tabIndex={-1}>
              {t('banner.open')}
            </Button>
          </Link>
          {own.admin && (
            <Button size="small" onClick={() => setAssigning(true)}>
              {t('assign.action')}
            </Button>
          )}
          <Button size="small" type="primary" loading={isPending} onClick={() => void claim(record, own.id)}>
            {t('claim')}
          </Button>
        </span>
      )}
      {assigning && (
        <AssignDialog
          object={object}
          ids={[record.id]}
          title={title}
          onClose={() => setAssigning(false)}
          onGiven={leave}
        />
      )}
    </div>
  )
}

function Soon({ object, record, days }: Props & { days: number }) {
  const { t } = useTranslation('pools')
  const { objects } = useCatalogue()
  const create = useCreateRecord()
  const title = useTitle(object, record)
  const item = useRecycling().data?.find((i) => i.object === object.name && i.id === record.id)
  const to = item?.pool?.title ? t('namedPool', { name: item.pool.title }) : t('aPool')
  const rule = ruleName(item?.rule)
  const shape = followUpOf(objects, object)
  return (
    <div className={`${s.banner} ${s.warning}`} role="status">
      <ClockCircleOutlined aria-hidden />
      <span className={s.words} title={fullTime(String(record.recycle_at))}>
        {t(`soon.${soonKey(days)}`, { count: days, to })}{' '}
        <span className={s.sub}>
          {rule && `${t('soon.rule', { rule })} · `}
          {t('soon.act')}
        </span>
      </span>
      {shape && can(shape.object, 'create') && (
        <span className={s.buttons}>
          <Button
            size="small"
            type="primary"
            onClick={() => create('follow_up', { [shape.link.name]: { id: record.id, title } })}
          >
            {t('soon.followUp')}
          </Button>
        </span>
      )}
    </div>
  )
}
