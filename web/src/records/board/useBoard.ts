import { useMemo } from 'react'
import { useCatalogue, useRecords } from '@/api/hooks'
import type { FieldDef, ObjectDef, RecordData, Ref } from '@/api/types'
import { useLabel } from '@/ui/useLabel'
import type { ListState } from '../data/useListState'
import { boardFields } from '../model/viewFields'

export interface BoardColumn {
  /** Id or choice value; empty for records without one. */
  key: string
  title: string
  color?: string
  /** The record the column stands for: how long its cards may rest, what is to be done there. */
  stage?: RecordData
  /** What a card dropped here is set to. */
  value: Ref | string | null
}

export interface Board {
  field: FieldDef
  fields: FieldDef[]
  columns: BoardColumn[]
  /** What narrows the columns: a pipeline for stages. */
  scopes: Ref[]
  scope: Ref | undefined
  scopeLabel: FieldDef | undefined
  pending: boolean
  error: Error | null
  retry(): void
}

/** The field by which columns are ordered, as definitions name it. */
const orderOf = (object: ObjectDef): string =>
  ['sort_order', 'position', 'order'].find((n) => object.fields[n]?.sortable) ?? object.title

const titleOf = (object: ObjectDef, record: RecordData): Ref => ({
  id: record.id,
  title: String(record[object.title] ?? ''),
})

/**
 * Columns of a board: the options of a choice, or the records a lookup may point at. Where the lookup is narrowed by another
 * lookup (`where = { pipeline = "pipeline" }`), one of those – the default one first – gives the columns.
 */
export function useBoard(object: ObjectDef, state: ListState): Board | null {
  const { objects } = useCatalogue()
  const label = useLabel()
  const fields = boardFields(object)
  const field = fields.find((f) => f.name === state.search.by) ?? fields[0]
  const target = field?.type === 'lookup' && field.to ? objects[field.to] : undefined
  const [targetField, ownField] = Object.entries(field?.where ?? {})[0] ?? []
  const scopeLabel = target && ownField ? object.fields[ownField] : undefined
  const scopeObject = scopeLabel?.to ? objects[scopeLabel.to] : undefined

  const scopesQuery = useRecords(
    scopeObject?.name ?? '',
    { limit: 100, sort: scopeObject ? orderOf(scopeObject) : undefined },
    { enabled: scopeObject !== undefined },
  )
  const scopeRecords = scopesQuery.data?.pages.flatMap((p) => p.items) ?? []
  const usable = scopeRecords.filter((r) => r.active !== false)
  const wanted = scopeRecords.find((r) => r.id === state.search.scope)
  const scopeRecord = wanted ?? usable.find((r) => r.is_default === true) ?? usable[0] ?? scopeRecords[0]

  const columnsQuery = useRecords(
    target?.name ?? '',
    {
      limit: 100,
      sort: target ? orderOf(target) : undefined,
      filter: targetField && scopeRecord ? [targetField, '=', scopeRecord.id] : undefined,
    },
    {
      enabled: target !== undefined && (scopeObject === undefined || scopeRecord !== undefined),
      keepPrevious: false,
    },
  )
  const columns = useMemo<BoardColumn[]>(() => {
    if (!field) return []
    if (target) {
      const kinds = Object.values(target.fields).find(
        (f) => f.type === 'choice' && f.options?.some((o) => o.color),
      )
      return (columnsQuery.data?.pages.flatMap((p) => p.items) ?? []).map((record) => {
        const ref = titleOf(target, record)
        const color = kinds?.options?.find((o) => o.value === record[kinds.name])?.color
        return { key: ref.id, title: ref.title ?? '', color, value: ref, stage: record }
      })
    }
    return (field.options ?? []).map((o) => ({
      key: o.value,
      title: label(o.label),
      color: o.color,
      value: o.value,
    }))
  }, [field, target, columnsQuery.data, label])

  if (!field) return null
  const failed = [scopesQuery, columnsQuery].find((q) => q.isError && !q.data)
  return {
    field,
    fields,
    columns,
    scopes: scopeObject ? scopeRecords.map((r) => titleOf(scopeObject, r)) : [],
    scope: scopeObject && scopeRecord ? titleOf(scopeObject, scopeRecord) : undefined,
    scopeLabel,
    pending:
      target !== undefined &&
      ((scopeObject !== undefined && scopesQuery.isPending) ||
        (columnsQuery.isPending && scopeRecords.length > 0) ||
        (columnsQuery.isPending && !scopeObject)),
    error: failed?.error ?? null,
    retry: () => void failed?.refetch(),
  }
}
