import type { FieldDef, FileRef, Lang, Ref } from '@/api/types'

export const emptyValue = (v: unknown) =>
  v === null || v === undefined || v === '' || (Array.isArray(v) && v.length === 0)

export const asText = (v: unknown) => (v === null || v === undefined ? '' : String(v))

/** Links come as `{id,title}`; filters and freshly picked values may hold the bare id. */
export function asRef(v: unknown): Ref | undefined {
  if (typeof v === 'string' && v !== '') return { id: v, title: null }
  if (v !== null && typeof v === 'object' && 'id' in v) return v as Ref
  return undefined
}

export const asRefs = (v: unknown): Ref[] =>
  (Array.isArray(v) ? v : v === null || v === undefined ? [] : [v]).flatMap((x) => asRef(x) ?? [])

export const asFile = (v: unknown): FileRef | undefined => asRef(v) as FileRef | undefined

export const asStrings = (v: unknown): string[] =>
  Array.isArray(v) ? v.map(asText) : emptyValue(v) ? [] : [asText(v)]

export function optionLabel(field: FieldDef, value: string, lang: Lang): string {
  const option = field.options?.find((o) => o.value === value)
  return option?.label[lang] ?? option?.label.zh ?? value
}

export const listText = (parts: string[], lang: Lang) => parts.join(lang === 'zh' ? '、' : ', ')
