import { Button } from 'antd'
import { type ReactNode, useCallback, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { FieldDef, ListQuery, ObjectDef, RecordData } from '@/api/types'
import { EmptyState, ErrorState, NothingFound } from '@/ui/states'
import { leaveTrail } from '../data/trail'
import { ALL, type ListState } from '../data/useListState'
import { type RowList, useStable } from '../data/useRows'
import { useSums } from '../data/useSums'
import { edgeOfDay } from '../model/calendar'
import { summable } from '../model/columns'
import { allOf } from '../model/filter'
import { groupFilter, parseGroup, toGroups } from '../model/grouping'
import { NO_FILTER, parseSort, toggleSort } from '../model/viewState'
import { useNarrow } from '../parts/useNarrow'
import { CardList } from './CardList'
import s from './list.module.css'
import { RecordTable } from './RecordTable'
import { NO_ACTS, type RowAct } from './rowAct'
import { SurnameRail } from './SurnameRail'
import type { Selection } from './useSelection'

interface Props {
  object: ObjectDef
  state: ListState
  selection: Selection
  onCreate?(): void
  onImport?(): void
  acts?: readonly RowAct[]
  /** Instead of the words for a list without records. */
  empty?: ReactNode
  /** The pool whose list this is. */
  pool?: string
}

/** Fields each row needs beyond its columns: its name, and what narrows the lookups one may edit in place. */
export function neededFields(object: ObjectDef, columns: FieldDef[]): string[] {
  const names = new Set([object.title, ...columns.map((c) => c.name)])
  for (const field of columns) for (const own of Object.values(field.where ?? {})) names.add(own)
  for (const prompt of object.prompts ?? []) for (const name of prompt.fields) names.add(name)
  // Whether it may be changed at all.
  for (const closed of object.closed ?? []) names.add(closed.field)
  // Money is shown in the record's own currency.
  if (object.fields.currency) names.add('currency')
  // Said beside the name.
  names.add('recycle_at')
  return [...names].filter((n) => object.fields[n])
}

/** The table (cards on a phone) with its groups, totals and surname index. */
export function TableView({
  object,
  state,
  selection,
  onCreate,
  onImport,
  acts = NO_ACTS,
  empty,
  pool,
}: Props) {
  const { t } = useTranslation('records')
  const narrow = useNarrow()
  const { view, filter, search, columns } = state
  const [closed, setClosed] = useState<ReadonlySet<string>>(new Set())
  const [opened, setOpened] = useState<ReadonlySet<string>>(new Set())
  const [top, setTop] = useState<{ record: RecordData | undefined; line: number }>()

  const grouping = view.group ? parseGroup(view.group) : undefined
  const found = grouping ? object.fields[grouping.field] : undefined
  const groupField = found?.groupable ? found : undefined
  const by =
    groupField?.type === 'date' || groupField?.type === 'datetime' ? (grouping?.by ?? 'month') : undefined
  const sums = useMemo(() => columns.filter(summable), [columns])
  const measures = useMemo(
    () => [{ fn: 'count' as const }, ...sums.map((f) => ({ fn: 'sum' as const, field: f.name }))],
    [sums],
  )
  const totals = useSums(object, { measures, filter })
  const groupsQuery = useSums(
    object,
    {
      group_by: groupField ? [by ? { field: groupField.name, by } : groupField.name] : [],
      measures,
      filter,
      limit: 1000,
    },
    { enabled: groupField !== undefined },
  )
  const groups = useMemo(
    () => (groupField && groupsQuery.data ? toGroups(groupsQuery.data, groupField) : []),
    [groupField, groupsQuery.data],
  )

  const query: ListQuery = useStable({
    filter,
    sort: view.sort,
    fields: neededFields(object, columns),
    seek: groupField ? undefined : search.seek,
  })
  // The first groups stand open, so that one sees records at once; many groups open on demand.
  const isOpen = (key: string, index: number) => (index < 3 ? !closed.has(key) : opened.has(key))
  const lists: RowList[] = groupField
    ? groups.map((group, i) => ({
        key: `g ${group.key}`,
        group,
        open: isOpen(group.key, i),
        query: {
          ...query,
          filter: allOf(
            filter,
            groupFilter(groupField, by, group, (day) => edgeOfDay(day, 'datetime')),
          ),
        },
      }))
    : [{ key: 'all', query }]
  const toggleGroup = (key: string) => {
    const index = groups.findIndex((g) => g.key === key)
    const flip = (old: ReadonlySet<string>) => {
      const next = new Set(old)
      if (!next.delete(key)) next.add(key)
      return next
    }
    if (index < 3) setClosed(flip)
    else setOpened(flip)
  }

  const onLeave = useCallback(
    (ids: string[]) =>
      leaveTrail({ object: object.name, ids, search, query: groupField ? undefined : query, pool }),
    [object.name, search, query, groupField, pool],
  )
  const showTop = useCallback((record: RecordData | undefined, line: number) => setTop({ record, line }), [])
  const count = totals.data?.[0]?.count

  if (totals.isError && !totals.data)
    return <ErrorState error={totals.error} onRetry={() => void totals.refetch()} />
  if (count === 0) {
    return state.narrowed ? (
      <NothingFound
        actions={
          <Button
            onClick={() =>
              state.set({ filter: NO_FILTER, q: undefined, saved: state.saved ? ALL : undefined })
            }
          >
            {t('list.showAll')}
          </Button>
        }
      />
    ) : empty !== undefined ? (
      empty
    ) : (
      <EmptyState
        title={t('list.emptyTitle')}
        text={t(`list.empty.${onCreate ? (onImport ? 'both' : 'create') : onImport ? 'import' : 'none'}`)}
        actions={
          <>
            {onCreate && (
              <Button type="primary" onClick={onCreate}>
                {t('list.createFirst')}
              </Button>
            )}
            {onImport && <Button onClick={onImport}>{t('list.import')}</Button>}
          </>
        }
      />
    )
  }

  const placeKey = `${object.name} ${JSON.stringify([query, view.group])}`
  const sortField = parseSort(view.sort)[0]?.field
  const byName = sortField === object.title
  const rail = object.layout.list?.surname_index && !groupField
  if (narrow) {
    return (
      <CardList
        key={placeKey}
        object={object}
        lists={lists}
        columns={columns}
        groupField={groupField}
        placeKey={placeKey}
        onLeave={onLeave}
        onToggleGroup={toggleGroup}
        acts={acts}
      />
    )
  }
  return (
    <div className={s.tableArea}>
      <RecordTable
        object={object}
        lists={lists}
        columns={columns}
        widths={state.widths}
        sort={view.sort}
        groupField={groupField}
        sums={sums}
        totals={totals.data?.[0]}
        selection={selection}
        placeKey={placeKey}
        onSort={(field, keep) =>
          state.set({
            sort: toggleSort(view.sort, field, object.layout.list?.sort ?? '-updated_at', keep),
            seek: undefined,
          })
        }
        onColumns={state.setColumns}
        onToggleGroup={toggleGroup}
        onLeave={onLeave}
        acts={acts}
        onTopRecord={rail && byName ? showTop : undefined}
      />
      {rail && (
        <SurnameRail
          at={search.seek}
          atStart={!top || top.line === 0}
          top={byName && top?.record ? String(top.record[object.title] ?? '') : undefined}
          // In another order letters mean nothing: the first jump also sorts by name.
          onJump={(letter) => state.set({ seek: letter, sort: byName ? search.sort : object.title })}
        />
      )}
    </div>
  )
}
