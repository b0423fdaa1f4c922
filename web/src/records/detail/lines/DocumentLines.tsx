import { PlusOutlined } from '@ant-design/icons'
import { Button } from 'antd'
import {
  type FocusEvent,
  type KeyboardEvent,
  type ReactNode,
  useCallback,
  useEffect,
  useMemo,
  useRef,
  useState,
} from 'react'
import { useTranslation } from 'react-i18next'
import { can, useCatalogue, useRecords, useRemove } from '@/api/hooks'
import { keys, queryClient } from '@/api/queryClient'
import type { ObjectDef, RecordData } from '@/api/types'
import { Icon } from '@/ui/Icon'
import { formatNumber } from '@/ui/number'
import { TextSkeleton } from '@/ui/Skeletons'
import { ErrorState } from '@/ui/states'
import { useLabel } from '@/ui/useLabel'
import { useSeen } from '@/ui/useSeen'
import { isClosed } from '../../model/closed'
import { Belonging } from '../../parts/InlineEdit'
import { alignsRight } from '../../parts/kind'
import { Saver } from '../../parts/Saver'
import { asked, type LineKind, lineKinds, telling } from './columns'
import { DocumentSums } from './DocumentSums'
import { LineRow } from './LineRow'
import s from './lines.module.css'
import { NewLine } from './NewLine'
import { openFields, openOf } from './open'

/** As many as the server gives at once. */
const PAGE = 200
const CHUNK = 40
const ROW_HEIGHT = 37

interface Props {
  object: ObjectDef
  record: RecordData
}

/** What a document is about: its lines, written where they stand, and what they come to. */
export function DocumentLines({ object, record }: Props) {
  const { objects } = useCatalogue()
  return lineKinds(object, objects).map((kind) => (
    <Grid key={kind.target.name} object={object} record={record} kind={kind} />
  ))
}

const place = (cell: Element) => [...(cell.parentElement?.children ?? [])].indexOf(cell)

/** The arrows go from cell to cell, as in any table of figures. */
function walk(e: KeyboardEvent<HTMLTableElement>) {
  const cell = (e.target as HTMLElement).closest('td')
  if (!cell || !(e.target as HTMLElement).matches('[role="button"]')) return
  const step = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[e.key]
  if (!step) return
  const [down = 0, right = 0] = step
  const rows = [...e.currentTarget.rows]
  const row = rows[rows.indexOf(cell.parentElement as HTMLTableRowElement) + down]
  let next = row?.children[place(cell) + right]
  while (right !== 0 && next && !next.querySelector('[role="button"]'))
    next = row?.children[place(next) + right]
  const to = next?.querySelector<HTMLElement>('[role="button"]')
  if (!to) return
  e.preventDefault()
  to.focus()
}

/** Whoever opens a figure writes another one over it. */
const replaceAll = (e: FocusEvent<HTMLElement>) => {
  if (e.target instanceof HTMLInputElement && e.target.inputMode === 'decimal') e.target.select()
}

const chunksOf = (rows: RecordData[]) =>
  Array.from({ length: Math.ceil(rows.length / CHUNK) }, (_, i) => rows.slice(i * CHUNK, (i + 1) * CHUNK))

interface ChunkProps {
  rows: RecordData[]
  /** In sight from the beginning. */
  shown: boolean
  span: number
  children(row: RecordData): ReactNode
}

/** Some of the lines, drawn once they are nearly in sight: a document may have two thousand. */
function Chunk({ rows, shown, span, children }: ChunkProps) {
  const box = useRef<HTMLTableSectionElement>(null)
  const seen = useSeen(box)
  return (
    <tbody ref={box}>
      {shown || seen ? (
        rows.map(children)
      ) : (
        <tr aria-hidden>
          <td colSpan={span} style={{ height: rows.length * ROW_HEIGHT }} />
        </tr>
      )}
    </tbody>
  )
}

function Grid({ object, record, kind }: Props & { kind: LineKind }) {
  const { t } = useTranslation('trade')
  const catalogue = useCatalogue()
  const label = useLabel()
  const { target, parent } = kind
  const remove = useRemove(target.name)
  const [adding, setAdding] = useState(false)
  const add = useRef<HTMLButtonElement>(null)
  const closed = isClosed(object, record)
  // What a correction gives back when it takes effect is not known here, so it says nothing of what is open.
  const hints = closed || record.corrects ? [] : openFields(target, catalogue)
  const own = Object.values(target.fields).filter((f) => f.readable !== false && !f.hidden)
  const lines = useRecords(target.name, {
    filter: [parent.name, '=', record.id],
    sort: target.fields.line_no ? 'line_no' : target.layout.list?.sort,
    fields: hints.length > 0 ? [...own.map((f) => f.name), ...hints] : undefined,
    limit: PAGE,
    count: true,
  })
  const rows = useMemo(() => lines.data?.pages.flatMap((p) => p.items) ?? [], [lines.data])
  const total = Math.max(lines.data?.pages[0]?.total ?? 0, rows.length)
  const columns = useMemo(() => telling(kind, rows, closed), [kind, rows, closed])
  const shape = columns.map((f) => f.name).join()
  // biome-ignore lint/correctness/useExhaustiveDependencies: the names stand for the columns, so that rows are drawn once
  const steady = useMemo(() => columns, [shape, target])
  // Of the document the lines need to know its state only: its sums change with each of them.
  // biome-ignore lint/correctness/useExhaustiveDependencies: see above
  const belonging = useMemo(() => ({ object, record }), [object, record.id, closed])

  // The document's sums follow its lines, whatever was done to them.
  const state = rows.map((r) => r.version).join()
  const before = useRef<string>(undefined)
  useEffect(() => {
    if (before.current !== undefined && before.current !== state)
      void queryClient.invalidateQueries({ queryKey: keys.one(object.name, record.id) })
    if (!lines.isPending) before.current = state
  }, [state, lines.isPending, object.name, record.id])

  const mayWrite = !closed && (record._can?.includes('update') ?? true)
  const mayAdd = mayWrite && can(target, 'create') && parent.writable !== false
  const mayRemove = mayWrite && can(target, 'delete')
  const { mutate } = remove
  const drop = useCallback(
    (row: RecordData) => {
      mutate({ id: row.id, title: String(row[target.title] ?? '') })
      requestAnimationFrame(() => add.current?.focus())
    },
    [mutate, target.title],
  )
  const leave = () => {
    setAdding(false)
    requestAnimationFrame(() => add.current?.focus())
  }

  return (
    <section className={s.box} aria-label={label(target.plural)}>
      <h2 className={s.title}>
        <Icon name={target.icon} className={s.icon} /> {label(target.plural)}
        <span className={s.count}>{formatNumber(total)}</span>
      </h2>
      {lines.isError && !lines.data ? (
        <ErrorState compact error={lines.error} onRetry={() => void lines.refetch()} />
      ) : lines.isPending ? (
        <TextSkeleton lines={3} />
      ) : rows.length === 0 ? (
        !adding && <p className={s.none}>{t(closed ? 'lines.emptyClosed' : 'lines.empty')}</p>
      ) : (
        <Belonging value={belonging}>
          <Saver object={target}>
            <div className={s.scroll}>
              <table className={s.table} onKeyDown={walk} onFocus={replaceAll}>
                <thead>
                  <tr>
                    {steady.map((f) => (
                      <th
                        key={f.name}
                        scope="col"
                        className={alignsRight(f) ? s.right : undefined}
                        data-column={f.name}
                      >
                        {label(f.label)}
                      </th>
                    ))}
                    {mayRemove && <td />}
                  </tr>
                </thead>
                {chunksOf(rows).map((chunk, i) => (
                  <Chunk key={chunk[0]?.id} rows={chunk} shown={i === 0} span={steady.length + 1}>
                    {(row) => (
                      <LineRow
                        key={row.id}
                        target={target}
                        columns={steady}
                        row={row}
                        most={hints.length > 0 ? openOf(target.name, row) : undefined}
                        onRemove={mayRemove ? drop : undefined}
                      />
                    )}
                  </Chunk>
                ))}
              </table>
            </div>
          </Saver>
        </Belonging>
      )}
      {lines.hasNextPage && (
        <Button
          type="text"
          block
          loading={lines.isFetchingNextPage}
          onClick={() => void lines.fetchNextPage()}
        >
          {t('lines.more', { count: Math.min(PAGE, total - rows.length) })}
        </Button>
      )}
      {mayAdd &&
        !lines.isPending &&
        (adding ? (
          <NewLine
            target={target}
            fields={asked(kind, catalogue.objects)}
            parent={parent.name}
            document={record}
            onLeave={leave}
          />
        ) : (
          <button ref={add} type="button" className={s.add} onClick={() => setAdding(true)}>
            <PlusOutlined aria-hidden /> {t('lines.add')}
          </button>
        ))}
      <DocumentSums object={object} record={record} />
    </section>
  )
}
