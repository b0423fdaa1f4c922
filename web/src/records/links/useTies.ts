import { useCatalogue } from '@/api/catalogue'
import { useRecords } from '@/api/records'
import type { FilterExpr, ObjectDef, RecordData } from '@/api/types'
import { useLang } from '@/ui/useLabel'
import { choose, MOST, tiesOf } from './ties'

/** What is hidden or masked can be neither asked nor followed. */
const open = (object: ObjectDef | undefined, ...fields: string[]) =>
  object !== undefined &&
  fields.every((f) => {
    const field = object.fields[f]
    return field !== undefined && field.readable !== false && !field.masked
  })

function useList(there: boolean, object: string, field: string, id: string, fields: string[]) {
  const filter: FilterExpr = [field, '=', id]
  const list = useRecords(
    object,
    { filter, fields, limit: MOST, count: true },
    { enabled: there, keepPrevious: false },
  )
  const items: RecordData[] = there ? (list.data?.pages[0]?.items ?? []) : []
  return { list, there, items, total: Math.max(list.data?.pages[0]?.total ?? 0, items.length) }
}

/** The ties of a customer, as far as its viewer may see them, and how many there are besides. */
export function useTies(record: RecordData) {
  const { objects } = useCatalogue()
  const lang = useLang()
  const { customer, customer_link: link, contact } = objects
  const linked = open(link, 'customer', 'other', 'kind')
  const role = open(contact, 'role') ? ['role'] : []
  const below = useList(open(customer, 'parent', 'name'), 'customer', 'parent', record.id, ['name'])
  const outward = useList(linked, 'customer_link', 'customer', record.id, ['other', 'kind'])
  const inward = useList(linked, 'customer_link', 'other', record.id, ['customer', 'kind'])
  const people = useList(open(contact, 'customer', 'name'), 'contact', 'customer', record.id, [
    'name',
    ...role,
  ])
  const asked = [below, outward, inward, people].filter((a) => a.there)
  const all = tiesOf(
    {
      parent: open(customer, 'parent') ? record.parent : null,
      subsidiaries: below.items,
      outward: outward.items,
      inward: inward.items,
      contacts: people.items,
    },
    { link: link?.fields.kind, role: contact?.fields.role },
    lang,
  )
  const ties = choose(all)
  const unread = asked.reduce((sum, a) => sum + a.total - a.items.length, 0)
  return {
    ties,
    more: all.length - ties.length + unread,
    pending: asked.some((a) => a.list.isPending),
    error: asked.find((a) => a.list.isError && !a.list.data)?.list.error ?? null,
    retry: () => {
      for (const a of asked) if (a.list.isError) void a.list.refetch()
    },
  }
}
