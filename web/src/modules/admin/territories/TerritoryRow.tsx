import { Link } from '@tanstack/react-router'
import { Tooltip } from 'antd'
import { useTranslation } from 'react-i18next'
import { useObject } from '@/api/catalogue'
import { useAggregate } from '@/api/records'
import type { ObjectDef, RecordData } from '@/api/types'
import { asRefs, kindOf } from '@/fields'
import { Avatar } from '@/ui/Avatar'
import { Chip } from '@/ui/Chip'
import { formatNumber } from '@/ui/number'
import type { Branch } from '../tree/branches'
import { titleOf } from '../tree/kind'
import { RowActions } from '../tree/RowActions'
import type { RowEdit } from '../tree/TreePage'
import { customersOf, ownCustomers } from './customers'
import css from './territories.module.css'

interface Props extends RowEdit {
  object: ObjectDef
  branch: Branch
}

/** What stands in the row of a territory: what it covers, who works it, and how many customers that are. */
export function TerritoryRow({ object, branch, onEdit, onAdd }: Props) {
  const { t } = useTranslation('admin')
  const { record, children } = branch
  const name = titleOf(record)
  const { region, industries, level } = object.fields
  const Region = region && kindOf(region).Show
  const Industries = industries && kindOf(industries).Show
  const Level = level && kindOf(level).Show
  const covers = ownCustomers(record) !== undefined
  const hasRegion = Boolean(record.region)
  return (
    <>
      <span className={css.names}>
        <button type="button" className={css.name} onClick={() => onEdit(record)}>
          {name}
        </button>
        {record.active === false && <Chip>{t('territories.inactive')}</Chip>}
      </span>
      <span className={css.covers}>
        {!covers ? (
          <span className={css.quiet}>{t('territories.groupOnly')}</span>
        ) : (
          <>
            {hasRegion && region && Region ? (
              <Region field={region} value={record.region} record={record} compact />
            ) : (
              <span className={css.quiet}>{t('territories.everywhere')}</span>
            )}
            {industries && Industries && !kindOf(industries).isEmpty(record.industries) && (
              <Industries field={industries} value={record.industries} record={record} compact />
            )}
          </>
        )}
      </span>
      <Members record={record} />
      <span className={css.level}>
        {level && Level && <Level field={level} value={record.level} record={record} compact />}
      </span>
      <Customers branch={branch} name={name} />
      <RowActions
        kind="territories"
        object={object}
        record={record}
        full={children.length > 0}
        deleteText={t('territories.deleteText')}
        onEdit={onEdit}
        onAdd={onAdd}
      />
    </>
  )
}

const SHOWN = 4

function Members({ record }: { record: RecordData }) {
  const { t } = useTranslation('admin')
  const members = asRefs(record.members)
  const names = members.map((m) => m.title ?? '').join(t('comma'))
  if (members.length === 0)
    return <span className={`${css.members} ${css.quiet}`}>{t('territories.noMembers')}</span>
  return (
    <Tooltip title={names}>
      <span className={css.members}>
        {members.slice(0, SHOWN).map((m) => (
          <Avatar key={m.id} name={m.title ?? '?'} size={24} />
        ))}
        {members.length > SHOWN && (
          <span className={css.quiet} aria-hidden>
            +{members.length - SHOWN}
          </span>
        )}
        <span className="gx-visually-hidden">{names}</span>
      </span>
    </Tooltip>
  )
}

function Customers({ branch, name }: { branch: Branch; name: string }) {
  const { t } = useTranslation('admin')
  const customer = useObject('customer')
  const filter = customersOf(branch)
  const asked = customer !== undefined && filter !== undefined
  const count = useAggregate('customer', { measures: [{ fn: 'count' }], filter }, { enabled: asked })
  const n = count.data?.[0]?.count
  const shown = { count: Number(n ?? 0), shown: formatNumber(n ?? 0) }
  return (
    <span className={css.customers}>
      {asked && n !== undefined && (
        <Tooltip title={t('territories.customersFor', { ...shown, name })}>
          <Link to="/o/$object" params={{ object: 'customer' }} search={{ filter }}>
            {t('territories.customers', shown)}
          </Link>
        </Tooltip>
      )}
    </span>
  )
}
