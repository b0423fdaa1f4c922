import { PlusOutlined } from '@ant-design/icons'
import { Button } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { can, useCatalogue, useRecords } from '@/api/hooks'
import type { FieldDef, FilterExpr, ObjectDef, RecordData, RelatedList } from '@/api/types'
import { Icon } from '@/ui/Icon'
import { formatNumber } from '@/ui/number'
import { RecordLink } from '@/ui/RecordLink'
import { TextSkeleton } from '@/ui/Skeletons'
import { ErrorState } from '@/ui/states'
import { midSentence, useLabel } from '@/ui/useLabel'
import { ListLink } from '../data/nav'
import { leaveTrail } from '../data/trail'
import { useSums } from '../data/useSums'
import { RecordFormDrawer } from '../form/RecordFormDrawer'
import { FieldValue } from '../parts/FieldValue'
import { alignsRight } from '../parts/kind'
import { Saver } from '../parts/Saver'
import { useValueText } from '../parts/useFields'
import s from './detail.module.css'
import { Lines } from './Lines'

const SHOWN = 5

interface Props {
  object: ObjectDef
  record: RecordData
  related: RelatedList[]
}

/** What hangs on this record: contacts, deals, tasks – as the definition lists them. */
export function RelatedLists({ object, record, related }: Props) {
  const { objects } = useCatalogue()
  return (
    <>
      {related.map((list) => {
        const target = objects[list.object]
        const field = target?.fields[list.field]
        if (!target || !field) return null
        return (
          <One
            key={`${list.object}.${list.field}`}
            object={object}
            record={record}
            list={list}
            target={target}
            field={field}
          />
        )
      })}
    </>
  )
}

interface OneProps {
  object: ObjectDef
  record: RecordData
  list: RelatedList
  target: ObjectDef
  field: FieldDef
}

function One({ object, record, list, target, field }: OneProps) {
  const { t } = useTranslation('records')
  const label = useLabel()
  const text = useValueText()
  const [adding, setAdding] = useState(false)
  // Lines are part of this record: all of them, changed where they stand.
  const lines = target.traits.includes('child_of') && target.parent === field.name && can(target, 'update')
  const filter: FilterExpr = [field.name, field.type === 'multi_lookup' ? 'contains' : '=', record.id]
  const columns = list.columns
    .map((n) => target.fields[n])
    .filter((f): f is FieldDef => f !== undefined && f.readable !== false)
  const titleField = target.fields[target.title]
  const shown =
    columns.some((c) => c.name === target.title) || !titleField ? columns : [titleField, ...columns]
  const records = useRecords(target.name, {
    filter,
    sort: target.layout.list?.sort,
    limit: lines ? 200 : SHOWN,
  })
  const summed = lines ? columns.find((c) => c.type === 'money' && c.writable === false) : undefined
  const count = useSums(target, {
    measures: [{ fn: 'count' }, ...(summed ? [{ fn: 'sum' as const, field: summed.name }] : [])],
    filter,
  })
  const rows = records.data?.pages[0]?.items ?? []
  const total = Number(count.data?.[0]?.count ?? rows.length)
  const name = list.label ? label(list.label) : label(target.plural)
  const here = { id: record.id, title: text(object.fields[object.title] ?? field, record[object.title]) }
  // The list opens under the same condition, with the name in its chip.
  const search = { filter: [field.name, filter[1], here] as FilterExpr }

  return (
    <section className={s.section} aria-label={name}>
      <div className={s.relatedHead}>
        <h2 className={s.sectionTitle}>
          <Icon name={target.icon} className={s.relatedIcon} /> {name}
          <span className={s.count}>{formatNumber(total)}</span>
        </h2>
        <span className={s.grow} />
        {total > (lines ? 200 : SHOWN) && (
          <ListLink object={target.name} search={search} className={s.allLink}>
            {t('related.all')}
          </ListLink>
        )}
        {can(target, 'create') && field.writable !== false && (
          <Button
            type="text"
            size="small"
            icon={<PlusOutlined aria-hidden />}
            aria-label={t('list.create', { object: midSentence(label(target.label)) })}
            onClick={() => setAdding(true)}
          >
            {t('related.add')}
          </Button>
        )}
      </div>
      {records.isError && !records.data ? (
        <ErrorState compact error={records.error} onRetry={() => void records.refetch()} />
      ) : records.isPending ? (
        <TextSkeleton lines={2} />
      ) : rows.length === 0 ? null : lines ? (
        <Saver object={target}>
          <Lines target={target} columns={shown} rows={rows} summed={summed} sum={count.data?.[0]} />
        </Saver>
      ) : (
        <div className={s.relatedScroll}>
          <table className={s.related}>
            <thead>
              <tr>
                {shown.map((f) => (
                  <th key={f.name} scope="col" className={alignsRight(f) ? s.right : undefined}>
                    {label(f.label)}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {rows.map((row) => (
                <tr key={row.id}>
                  {shown.map((f) => (
                    <td key={f.name} className={alignsRight(f) ? s.right : undefined}>
                      {f.name === target.title ? (
                        <span
                          onClickCapture={() =>
                            leaveTrail({ object: target.name, ids: rows.map((r) => r.id), search })
                          }
                        >
                          <RecordLink object={target.name} id={row.id} className={s.rowLink}>
                            {text(f, row[f.name]) || t('list.untitled')}
                          </RecordLink>
                        </span>
                      ) : (
                        <FieldValue object={target} field={f} value={row[f.name]} record={row} compact />
                      )}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      <RecordFormDrawer
        object={target.name}
        initial={{ [field.name]: field.type === 'multi_lookup' ? [here] : here }}
        open={adding}
        onClose={() => setAdding(false)}
        onSaved={() => {}}
      />
    </section>
  )
}
