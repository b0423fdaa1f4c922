import { announce } from '@/api/announce'
import { isApiError } from '@/api/client'
import { useUpdate } from '@/api/mutations'
import { keys, queryClient } from '@/api/queryClient'
import type { RecordData } from '@/api/types'
import { type Move, numbered } from './branches'

/** Carries a move out: the record goes below its new parent, and where there is an order its neighbours get new numbers. */
export function useTreeMove(object: string, nameOf: (record: RecordData) => string, ordered = false) {
  const update = useUpdate(object)
  const tree = keys.tree(object)

  const write = (record: RecordData, values: Record<string, unknown>) =>
    update.mutateAsync({ record, values, quiet: true, silent: true })

  return async ({ moved, parent, elsewhere, order }: Move) => {
    const where = parent ? { id: parent.record.id, title: nameOf(parent.record) } : null
    const numbers = ordered ? numbered(order, moved) : new Map<string, number>()
    const changes = order.flatMap((b): { record: RecordData; values: Record<string, unknown> }[] => {
      const n = numbers.get(b.record.id)
      const values = {
        ...(b === moved && elsewhere && { parent: where }),
        ...(n !== undefined && { sort_order: n }),
      }
      return Object.keys(values).length > 0 ? [{ record: b.record, values }] : []
    })
    // The one that may be refused goes first: then nothing else has been touched.
    changes.sort((a, b) => Number(b.record === moved.record) - Number(a.record === moved.record))
    const done: { saved: RecordData; before: Record<string, unknown> }[] = []
    try {
      for (const { record, values } of changes) {
        const saved = await write(record, values)
        const before = Object.fromEntries(Object.keys(values).map((f) => [f, record[f] ?? null]))
        done.push({ saved, before })
      }
    } catch (error) {
      if (!isApiError(error)) throw error
      announce({ kind: 'failed', object, error, fields: ['parent'] })
    } finally {
      await queryClient.invalidateQueries({ queryKey: tree })
    }
    const [first] = done
    if (!first || done.length < changes.length) return
    announce({
      kind: 'updated',
      object,
      record: first.saved,
      fields: Object.keys(first.before),
      undo: async () => {
        for (const { saved, before } of done) await write(saved, before)
        await queryClient.invalidateQueries({ queryKey: tree })
      },
    })
  }
}
