import { useMemo } from 'react'
import { fieldAt, useCatalogue } from '@/api/hooks'
import type { FieldDef, Lang, ObjectDef } from '@/api/types'
import { fieldKinds } from '@/fields/registry'
import { useLabel, useLang } from '@/ui/useLabel'

export interface NamedField {
  path: string
  field: FieldDef
  label: string
}

/** Finds fields by path, also through lookups, with a full label ("客户 · 行业"). */
export function useFieldAt(object: ObjectDef): (path: string) => NamedField | undefined {
  const catalogue = useCatalogue()
  const label = useLabel()
  return useMemo(
    () => (path: string) => {
      const field = fieldAt(catalogue, object.name, path)
      if (!field) return undefined
      const parts = path.split('.')
      const names = parts.map((_, i) =>
        label(fieldAt(catalogue, object.name, parts.slice(0, i + 1).join('.'))?.label),
      )
      return { path, field, label: names.join(' · ') }
    },
    [catalogue, object, label],
  )
}

/** Plain text of a value, for words, titles and screen readers. */
export function useValueText(): (field: FieldDef, value: unknown) => string {
  const lang: Lang = useLang()
  return useMemo(
    () => (field: FieldDef, value: unknown) => {
      const single = ['multi_choice', 'tags', 'multi_lookup'].includes(field.type) && !Array.isArray(value)
      const kind = fieldKinds[field.type]
      const held = single ? [value] : value
      return kind.isEmpty(held) ? '' : kind.toText(held, field, { lang })
    },
    [lang],
  )
}

/** What one may filter by: own fields first, then those of each linked object, one step away. */
export function useFilterFields(object: ObjectDef): { label: string; fields: NamedField[] }[] {
  const { objects } = useCatalogue()
  const label = useLabel()
  return useMemo(() => {
    const usable = (f: FieldDef) =>
      f.readable !== false && !f.hidden && f.operators.length > 0 && f.name !== 'id' && f.name !== 'version'
    const own = Object.values(object.fields).filter(usable)
    const groups = [
      {
        label: label(object.label),
        fields: own.map((field) => ({ path: field.name, field, label: label(field.label) })),
      },
    ]
    for (const link of own) {
      if (link.type !== 'lookup' || !link.to) continue
      const target = objects[link.to]
      if (!target) continue
      groups.push({
        label: label(link.label),
        fields: Object.values(target.fields)
          .filter((f) => usable(f) && !f.system)
          .map((field) => ({
            path: `${link.name}.${field.name}`,
            field,
            label: `${label(link.label)} · ${label(field.label)}`,
          })),
      })
    }
    return groups
  }, [object, objects, label])
}
