import { RightOutlined } from '@ant-design/icons'
import { useVirtualizer } from '@tanstack/react-virtual'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { FieldDef, ObjectDef } from '@/api/types'
import { formatNumber } from '@/ui/number'
import { RecordLink } from '@/ui/RecordLink'
import { Bone } from '@/ui/Skeletons'
import { ErrorState } from '@/ui/states'
import { useLabel } from '@/ui/useLabel'
import { keepPlace, placeOf } from '../data/trail'
import { type RowList, useRows } from '../data/useRows'
import { FieldValue } from '../parts/FieldValue'
import { kindOf } from '../parts/kind'
import { useValueText } from '../parts/useFields'
import { usePeriodText } from '../parts/usePeriodText'
import { RecycleBadge } from '../pool/RecycleBadge'
import s from './list.module.css'
import { RowActs } from './RowActs'
import type { RowAct } from './rowAct'

interface Props {
  object: ObjectDef
  lists: RowList[]
  columns: FieldDef[]
  groupField: FieldDef | undefined
  placeKey: string
  acts: readonly RowAct[]
  onLeave(ids: string[]): void
  onToggleGroup(key: string): void
}

/** What a phone shows instead of the table: a name, and the few columns that hold something. */
export function CardList({
  object,
  lists,
  columns,
  groupField,
  placeKey,
  acts,
  onLeave,
  onToggleGroup,
}: Props) {
  const { t } = useTranslation('records')
  const label = useLabel()
  const text = useValueText()
  const period = usePeriodText()
  const scroller = useRef<HTMLDivElement>(null)
  const [range, setRange] = useState<[number, number]>([0, 12])
  const rows = useRows(object.name, lists, range[0], range[1])
  const virtual = useVirtualizer({
    count: rows.lines,
    getScrollElement: () => scroller.current,
    estimateSize: () => 92,
    overscan: 6,
    initialOffset: () => placeOf(placeKey),
  })
  const items = virtual.getVirtualItems()
  const first = items[0]?.index ?? 0
  const last = items[items.length - 1]?.index ?? 12
  useEffect(() => setRange([first, last]), [first, last])
  const details = columns.filter((c) => c.name !== object.title).slice(0, 6)
  const titleField = object.fields[object.title]

  if (rows.error) return <ErrorState error={rows.error} onRetry={rows.retry} />
  return (
    <div ref={scroller} className={s.cards} onScroll={(e) => keepPlace(placeKey, e.currentTarget.scrollTop)}>
      <ul style={{ height: virtual.getTotalSize() }} className={s.cardSpace}>
        {items.map((item) => {
          const at = rows.lineAt(item.index)
          const place = { transform: `translateY(${item.start}px)` }
          if (at?.kind === 'header' && groupField) {
            const { group } = at
            const dated = groupField.type === 'date' || groupField.type === 'datetime'
            return (
              <li
                key={`g ${group.key}`}
                className={s.cardLine}
                style={place}
                ref={virtual.measureElement}
                data-index={item.index}
              >
                <button type="button" className={s.cardGroup} onClick={() => onToggleGroup(group.key)}>
                  <RightOutlined aria-hidden />
                  {group.key === '' ? (
                    t('group.none')
                  ) : dated ? (
                    period(group.key)
                  ) : (
                    <FieldValue field={groupField} value={group.value} compact />
                  )}
                  <span className={s.muted}>{formatNumber(group.count)}</span>
                </button>
              </li>
            )
          }
          const record = at?.kind === 'row' ? rows.record(at.list, at.index) : undefined
          const title = record && titleField ? text(titleField, record[object.title]) : ''
          return (
            <li
              key={item.index}
              className={s.cardLine}
              style={place}
              ref={virtual.measureElement}
              data-index={item.index}
            >
              {record ? (
                <div className={s.card} onClickCapture={() => onLeave(rows.loadedIds())}>
                  <span className={s.cardHead}>
                    <RecordLink object={object.name} id={record.id} className={s.cardTitle}>
                      {title || t('list.untitled')}
                    </RecordLink>
                    <RecycleBadge record={record} />
                  </span>
                  <dl className={s.cardFields}>
                    {details
                      .filter((f) => !kindOf(f).isEmpty(record[f.name]))
                      .slice(0, 4)
                      .map((f) => (
                        <div key={f.name}>
                          <dt>{label(f.label)}</dt>
                          <dd>
                            <FieldValue
                              object={object}
                              field={f}
                              value={record[f.name]}
                              record={record}
                              compact
                            />
                          </dd>
                        </div>
                      ))}
                  </dl>
                  <RowActs acts={acts} record={record} title={title} className={s.cardActs} />
                </div>
              ) : (
                <div className={s.card}>
                  <Bone width="50%" />
                  <Bone width="80%" />
                </div>
              )}
            </li>
          )
        })}
      </ul>
    </div>
  )
}
