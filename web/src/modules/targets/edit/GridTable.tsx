import { type FocusEvent, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import type { Measure } from '@/api/targets'
import { absolute, compare, minus, sumOf } from '@/ui/exact'
import { formatNumber } from '@/ui/number'
import { Dash } from '@/ui/values'
import { useAmountText, useMonthWord } from '../words'
import { Cell } from './Cell'
import css from './edit.module.css'
import { type Line, MONTHS, monthsOf, totals, valuesOf } from './model'
import { RowState } from './RowState'
import { SpreadButton } from './SpreadButton'
import type { Grid } from './useGrid'

interface Props {
  /** Those on this page of the grid. */
  shown: Line[]
  lines: Line[]
  grid: Grid
  measure: Measure
  product: string | undefined
  year: number
}

/** Company, departments and people by month. */
export function GridTable({ shown, lines, grid, measure, product, year }: Props) {
  const { t } = useTranslation('targets')
  const month = useMonthWord()
  const table = useRef<HTMLTableElement>(null)
  const byKey = new Map(lines.map((l) => [l.key, l]))
  const yearOf = (key: string) => {
    const line = byKey.get(key)
    return line ? totals(valuesOf(line, grid.typed[key]))[4] : null
  }
  const go = (row: number, at: number) => {
    const [r, m] = at < 0 ? [row - 1, 11] : at > 11 ? [row + 1, 0] : [row, at]
    const input = table.current?.querySelector<HTMLInputElement>(`input[data-row="${r}"][data-month="${m}"]`)
    input?.focus()
  }
  const leave = (key: string) => (e: FocusEvent<HTMLTableRowElement>) => {
    if (!e.currentTarget.contains(e.relatedTarget)) void grid.save(key)
  }
  const paste = (row: number, at: number) => (block: string[][]) => {
    const texts = block.flatMap((cells, r) => {
      const line = shown[row + r]
      if (!line || !editable(line)) return []
      return cells.flatMap((text, c) =>
        at + c < 12 ? [{ key: line.key, month: at + c, text: text.trim() }] : [],
      )
    })
    grid.type(texts)
    const here = shown[row]?.key
    // The line one is in is saved when one leaves it.
    for (const key of new Set(texts.map((x) => x.key))) if (key !== here) void grid.save(key)
  }
  return (
    <div className={css.scroll}>
      <table ref={table} className={css.grid} aria-label={t('edit.grid', { year: String(year) })}>
        <thead>
          <tr>
            <th scope="col" className={css.head}>
              {t('edit.who')}
            </th>
            {MONTHS.map((i) => (
              <th key={i} scope="col">
                {month(i + 1)}
              </th>
            ))}
            {[1, 2, 3, 4].map((q) => (
              <th key={q} scope="col" className={css.sum}>
                {t('edit.quarter', { quarter: q })}
              </th>
            ))}
            <th scope="col" className={css.sum}>
              {t('edit.year')}
            </th>
          </tr>
        </thead>
        <tbody>
          {shown.map((line, row) => {
            const name = nameOf(line, t('company'), t('unknown'))
            const typed = grid.typed[line.key]
            const status = grid.status[line.key]
            const kept = monthsOf(line.record)
            const sums = totals(valuesOf(line, typed))
            return (
              <tr key={line.key} className={css[line.level]} onBlur={leave(line.key)}>
                <th scope="row" className={css.head}>
                  <span className={css.nameLine} style={{ paddingInlineStart: Math.min(line.depth, 5) * 14 }}>
                    <span className={css.name} title={name}>
                      {name}
                    </span>
                    {editable(line) && (
                      <SpreadButton
                        line={line}
                        name={name}
                        total={sums[4]}
                        measure={measure}
                        product={product}
                        year={year}
                        onSpread={(parts) => {
                          grid.type(parts.map((text, i) => ({ key: line.key, month: i, text })))
                          void grid.save(line.key)
                        }}
                      />
                    )}
                  </span>
                  {line.people.length > 0 && (
                    <Difference own={sums[4]} people={line.people.map(yearOf)} measure={measure} />
                  )}
                  <RowState grid={grid} line={line} />
                </th>
                {MONTHS.map((i) => (
                  <Cell
                    key={i}
                    row={row}
                    month={i}
                    label={t('edit.cell', { name, month: month(i + 1) })}
                    kept={kept[i] ?? null}
                    text={typed?.cells[i]}
                    trouble={status?.is === 'failed' ? status.cells[i] : undefined}
                    clash={status?.is === 'clash' && status.cells.includes(i)}
                    disabled={!editable(line)}
                    onType={(text) => grid.type([{ key: line.key, month: i, text }])}
                    onRestore={() => grid.restore(line.key, i)}
                    onGo={go}
                    onDone={() => void grid.save(line.key)}
                    onPaste={paste(row, i)}
                  />
                ))}
                {sums.map((sum, i) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: four quarters and the year
                  <td key={i} className={css.sum}>
                    {sum === undefined || sum === null ? <Dash /> : formatNumber(sum)}
                  </td>
                ))}
              </tr>
            )
          })}
        </tbody>
      </table>
    </div>
  )
}

/** A target that one may look at may still be another's to change. */
const editable = (line: Line) => line.record?._can === undefined || line.record._can.includes('update')

export const nameOf = (line: Line, company: string, unknown: string) =>
  line.level === 'company' ? company : line.who?.title || unknown

interface DifferenceProps {
  own: string | null | undefined
  people: (string | null | undefined)[]
  measure: Measure
}

/** How far the people's targets are from that of the whole they make up. */
function Difference({ own, people, measure }: DifferenceProps) {
  const { t } = useTranslation('targets')
  const text = useAmountText()
  if (own === undefined || people.includes(undefined)) return null
  const sum = sumOf(people)
  if (sum === null) return null
  const amount = text(sum, measure, true)
  if (own === null) return <span className={css.difference}>{t('edit.peopleSum', { sum: amount })}</span>
  const order = compare(sum, own)
  if (order === 0) return <span className={css.difference}>{t('edit.even', { sum: amount })}</span>
  const by = text(absolute(minus(sum, own)), measure, true)
  return (
    <span className={`${css.difference} ${order < 0 ? css.short : ''}`}>
      {t(order < 0 ? 'edit.less' : 'edit.more', { sum: amount, by })}
    </span>
  )
}
