import { ColumnWidthOutlined } from '@ant-design/icons'
import { Alert, Button, Input, Modal, Radio } from 'antd'
import { useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useCatalogue, useObject } from '@/api/catalogue'
import { useAggregate } from '@/api/records'
import type { Measure } from '@/api/targets'
import type { AggregateRow, Ref } from '@/api/types'
import { sumOf } from '@/ui/exact'
import { focusStart } from '@/ui/focusStart'
import { reached } from '../figures'
import { periodOf } from '../period'
import { useAmountText, useMonthWord } from '../words'
import css from './edit.module.css'
import { type Line, MONTHS, type Months, spread } from './model'
import { parseCell } from './understand/number'

interface Props {
  line: Line
  name: string
  total: string | null | undefined
  measure: Measure
  product: string | undefined
  year: number
  onSpread(parts: string[]): void
}

/** Fills the twelve months of a line from the sum of its year. */
export function SpreadButton(props: Props) {
  const { t } = useTranslation('targets')
  const [open, setOpen] = useState(false)
  const label = t('edit.spreadOf', { name: props.name })
  return (
    <>
      <Button
        type="text"
        size="small"
        className={css.spread}
        icon={<ColumnWidthOutlined aria-hidden />}
        aria-label={label}
        title={label}
        onClick={() => setOpen(true)}
      />
      {open && <SpreadDialog {...props} title={label} onClose={() => setOpen(false)} />}
    </>
  )
}

/** By month, from rows that name the month's first day. */
export function monthly(rows: AggregateRow[], date: string, sum: string | undefined): Months {
  const values: Months = MONTHS.map(() => null)
  for (const row of rows) {
    const month = Number(String(row[date] ?? '').slice(5, 7))
    const value = sum ? row[`sum_${sum}`] : row.count
    if (month >= 1 && month <= 12 && value !== null && value !== undefined) values[month - 1] = String(value)
  }
  return values
}

function SpreadDialog({
  line,
  title,
  total,
  measure,
  product,
  year,
  onSpread,
  onClose,
}: Props & { title: string; onClose(): void }) {
  const { t } = useTranslation('targets')
  const { workspace } = useCatalogue()
  const text = useAmountText()
  const month = useMonthWord()
  const id = useId()
  const [typed, setTyped] = useState(total ?? '')
  const [way, setWay] = useState<'even' | 'last'>('even')
  const thing: Ref | null = product ? { id: product, title: null } : null
  const last = { ...periodOf('year', `${year - 1}-01-01`) }
  const source = reached(
    measure,
    { level: line.level, who: line.who, product: thing },
    last,
    workspace.currency,
  )
  const known = useObject(source.object) !== undefined
  const rows = useAggregate(
    source.object,
    {
      group_by: [{ field: source.date, by: 'month' }],
      measures: [source.sum ? { fn: 'sum', field: source.sum } : { fn: 'count' }],
      filter: source.filter,
    },
    { enabled: known },
  )
  const before = rows.data ? monthly(rows.data, source.date, source.sum) : undefined
  const sum = before && sumOf(before)
  const usable = sum !== undefined && sum !== null && sum !== '0'
  const parsed = parseCell(typed)
  const value = 'value' in parsed ? parsed.value : null
  const whole = measure === 'won_count' || measure === 'new_customers'
  const weights = way === 'last' && before ? before : MONTHS.map(() => null)
  const parts = value === null ? undefined : spread(value, weights, whole)
  return (
    <Modal
      afterOpenChange={(shown) => shown && focusStart()}
      open
      title={title}
      okText={t('edit.fill')}
      okButtonProps={{ disabled: parts === undefined }}
      onOk={() => {
        if (parts) onSpread(parts)
        onClose()
      }}
      onCancel={onClose}
    >
      <div className={css.dialog} data-form-start>
        <label htmlFor={id}>{t('edit.yearSum')}</label>
        <Input
          id={id}
          autoFocus
          value={typed}
          inputMode="decimal"
          status={typed !== '' && parts === undefined ? 'error' : undefined}
          onChange={(e) => setTyped(e.target.value)}
        />
        {typed !== '' && parts === undefined && (
          <span className={css.bad} role="alert">
            {'wrong' in parsed ? t(`edit.wrong.${parsed.wrong}`) : t('edit.wrong.whole')}
          </span>
        )}
        <Radio.Group
          value={way}
          onChange={(e) => setWay(e.target.value)}
          options={[
            { value: 'even', label: t('edit.evenly') },
            {
              value: 'last',
              label: t('edit.likeLast', {
                year: String(year - 1),
                sum: rows.isError || !known ? '—' : before ? text(sum ?? '0', measure, true) : '…',
              }),
              disabled: !usable,
            },
          ]}
        />
        {before && !usable && (
          <Alert type="info" showIcon title={t('edit.noLast', { year: String(year - 1) })} />
        )}
        {parts && (
          <ol className={css.preview} aria-label={t('edit.preview')}>
            {parts.map((part, i) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: a place in the row is a month
              <li key={i}>
                <span>{month(i + 1)}</span>
                {text(part, measure)}
              </li>
            ))}
          </ol>
        )}
      </div>
    </Modal>
  )
}
