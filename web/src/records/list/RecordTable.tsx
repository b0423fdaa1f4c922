import { useVirtualizer } from '@tanstack/react-virtual'
import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { FieldDef, ObjectDef, RecordData } from '@/api/types'
import { ErrorState } from '@/ui/states'
import { useLabel } from '@/ui/useLabel'
import { useGo } from '../data/nav'
import { keepPlace, placeOf } from '../data/trail'
import { type RowList, useRows } from '../data/useRows'
import { columnWidth } from '../model/columns'
import { mayEdit } from '../parts/InlineEdit'
import { kindOf } from '../parts/kind'
import { GroupRow } from './GroupRow'
import type { RowAct } from './rowAct'
import { TableHead } from './TableHead'
import { cellId, type RowHandlers, TableRow } from './TableRow'
import { TotalsRow } from './TotalsRow'
import s from './table.module.css'
import { type Cursor, useListKeys } from './useListKeys'
import type { Selection } from './useSelection'

const ROW = 40
const CHECK = 40

export interface TableProps {
  object: ObjectDef
  lists: RowList[]
  columns: FieldDef[]
  widths: Record<string, number>
  sort: string
  groupField: FieldDef | undefined
  sums: FieldDef[]
  totals: Record<string, unknown> | undefined
  selection: Selection
  acts: readonly RowAct[]
  /** Identifies the question, so that the same one finds its scroll position again. */
  placeKey: string
  onSort(field: string, keep: boolean): void
  onColumns(change: { columns?: string[]; widths?: Record<string, number> }): void
  onToggleGroup(key: string): void
  /** Before a record opens: where "previous" and "next" will lead. */
  onLeave(ids: string[]): void
  /** First visible name, for the surname index. */
  onTopRecord?(record: RecordData | undefined, line: number): void
}

export function RecordTable(props: TableProps) {
  const {
    object,
    lists,
    columns,
    sort,
    groupField,
    sums,
    totals,
    selection,
    acts,
    placeKey,
    onToggleGroup,
    onLeave,
  } = props
  const { t } = useTranslation('records')
  const label = useLabel()
  const go = useGo()
  const scroller = useRef<HTMLDivElement>(null)
  const [range, setRange] = useState<[number, number]>([0, 30])
  const [cursor, setCursor] = useState<Cursor | null>(null)
  const [editing, setEditing] = useState<Cursor | null>(null)
  const [scrolledX, setScrolledX] = useState(false)
  const [resizing, setResizing] = useState<Record<string, number>>({})
  const rows = useRows(object.name, lists, range[0], range[1])

  const virtual = useVirtualizer({
    count: rows.lines,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW,
    overscan: 12,
    initialOffset: () => placeOf(placeKey),
    scrollPaddingStart: 36,
    scrollPaddingEnd: 36,
  })
  const items = virtual.getVirtualItems()
  const first = items[0]?.index ?? 0
  const last = items[items.length - 1]?.index ?? 30
  useEffect(() => setRange([first, last]), [first, last])

  // Another question begins at its own place: the top, or where it was left.
  const shownKey = useRef(placeKey)
  useLayoutEffect(() => {
    if (shownKey.current === placeKey) return
    shownKey.current = placeKey
    virtual.scrollToOffset(placeOf(placeKey))
    setCursor(null)
    setEditing(null)
  }, [placeKey, virtual])

  const widthOf = useCallback(
    (field: FieldDef) =>
      resizing[field.name] ??
      props.widths[field.name] ??
      (field.name === object.title
        ? 240 + 56 * acts.length
        : columnWidth(
            kindOf(field).width,
            label(field.label),
            field.type === 'choice' ? field.options?.map((o) => label(o.label)) : [],
          )),
    [resizing, props.widths, object.title, acts.length, label],
  )
  const template = useMemo(
    () => `${CHECK}px ${columns.map((c) => `${widthOf(c)}px`).join(' ')} minmax(0, 1fr)`,
    [columns, widthOf],
  )

  const recordAt = (line: number): RecordData | undefined => {
    const at = rows.lineAt(line)
    return at?.kind === 'row' ? rows.record(at.list, at.index) : undefined
  }
  const enter = ({ line, column }: Cursor) => {
    const at = rows.lineAt(line)
    if (at?.kind === 'header') return onToggleGroup(at.group.key)
    const record = recordAt(line)
    const field = columns[column]
    if (!record || !field) return
    if (field.name !== object.title && mayEdit(object, field, record)) return setEditing({ line, column })
    onLeave(rows.loadedIds())
    void go.record(object.name, record.id)
  }
  const move = (to: Cursor) => {
    setCursor(to)
    virtual.scrollToIndex(to.line)
  }
  const onKeyDown = useListKeys({
    lines: rows.lines,
    columns: columns.length,
    page: Math.max(1, Math.floor((scroller.current?.clientHeight ?? 400) / ROW) - 2),
    cursor,
    move,
    enter,
    toggle: ({ line }, rangeTo) => {
      const record = recordAt(line)
      if (record) selection.toggle(record.id, line, rangeTo, recordAt)
    },
    escape: () => (selection.ids.size > 0 ? selection.clear() : setCursor(null)),
    focus: () => scroller.current?.focus({ preventScroll: true }),
    act: (key, { line }) => {
      const act = acts.find((a) => a.key === key)
      const record = recordAt(line)
      if (act && record) act.run(record)
      return act !== undefined
    },
  })

  // Rows are memoised; the handlers they keep always reach the newest state through this ref.
  const now = useRef({ recordAt, selection, onLeave, rows })
  now.current = { recordAt, selection, onLeave, rows }
  const handlers = useMemo<RowHandlers>(
    () => ({
      activate: (line, column) => setCursor({ line, column }),
      edit: (line, column) => {
        setCursor({ line, column })
        setEditing({ line, column })
      },
      closeEditor: () => {
        setEditing(null)
        scroller.current?.focus({ preventScroll: true })
      },
      toggle: (id, line, rangeTo) => now.current.selection.toggle(id, line, rangeTo, now.current.recordAt),
      open: () => now.current.onLeave(now.current.rows.loadedIds()),
      acted: (line) => {
        setCursor((at) => ({ line, column: at?.column ?? 0 }))
        // Its button may be gone with its row: the keyboard goes on from here.
        scroller.current?.focus({ preventScroll: true })
      },
    }),
    [],
  )

  const topLine = virtual.scrollOffset ? Math.floor(virtual.scrollOffset / ROW) : 0
  const top = recordAt(topLine)
  const { onTopRecord } = props
  useEffect(() => onTopRecord?.(top, topLine), [onTopRecord, top, topLine])

  const loaded = selection.ids.size > 0 ? rows.loadedIds() : []
  return (
    <div
      ref={scroller}
      className={`${s.scroller} ${scrolledX ? s.scrolled : ''}`}
      role="grid"
      tabIndex={0}
      aria-label={label(object.plural)}
      aria-rowcount={rows.lines + 1}
      aria-colcount={columns.length + 1}
      aria-multiselectable="true"
      aria-activedescendant={cursor ? cellId(cursor.line, cursor.column) : undefined}
      onKeyDown={onKeyDown}
      onScroll={(e) => {
        keepPlace(placeKey, e.currentTarget.scrollTop)
        setScrolledX(e.currentTarget.scrollLeft > 0)
      }}
    >
      <div className={s.inner}>
        <TableHead
          columns={columns}
          template={template}
          widthOf={widthOf}
          sort={sort}
          allSelected={
            selection.ids.size === 0 ? false : loaded.every((id) => selection.ids.has(id)) || 'some'
          }
          onSort={props.onSort}
          onSelectAll={() => (selection.ids.size > 0 ? selection.clear() : selection.set(rows.loadedIds()))}
          onResize={(field, width, done) => {
            setResizing(done ? {} : { [field]: width })
            if (done) props.onColumns({ widths: { ...props.widths, [field]: width } })
          }}
          onReorder={(names) => props.onColumns({ columns: names })}
        />
        <div style={{ height: virtual.getTotalSize() }} role="presentation">
          {items.map((item) => {
            const at = rows.lineAt(item.index)
            // Absolute rows are placed below the head, which is 36 px of the flow.
            const y = item.start + 36
            if (at?.kind === 'header' && groupField) {
              return (
                <GroupRow
                  key={`group ${at.group.key}`}
                  group={at.group}
                  field={groupField}
                  sums={sums}
                  open={lists.find((l) => l.group === at.group)?.open ?? false}
                  top={y}
                  line={item.index}
                  onToggle={() => onToggleGroup(at.group.key)}
                />
              )
            }
            const record = recordAt(item.index)
            return (
              <TableRow
                key={record ? `${at?.kind === 'row' ? at.list : ''} ${record.id}` : `line ${item.index}`}
                object={object}
                record={record}
                columns={columns}
                template={template}
                line={item.index}
                top={y}
                selected={record !== undefined && selection.ids.has(record.id)}
                selecting={selection.ids.size > 0}
                active={cursor?.line === item.index ? cursor.column : null}
                editing={editing?.line === item.index ? editing.column : null}
                acts={acts}
                handlers={handlers}
              />
            )
          })}
        </div>
        {rows.error && (
          <div className={s.problem}>
            <ErrorState compact error={rows.error} onRetry={rows.retry} />
          </div>
        )}
        {totals && (
          <TotalsRow columns={columns} template={template} totals={totals} label={t('list.total')} />
        )}
      </div>
    </div>
  )
}
