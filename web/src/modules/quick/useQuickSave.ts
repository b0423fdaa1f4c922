import { useRef, useState } from 'react'
import { type ApiError, isApiError, randomKey } from '@/api/client'
import { useCatalogue, useCreate } from '@/api/hooks'
import { keys, queryClient } from '@/api/queryClient'
import type { ObjectDef, RecordData } from '@/api/types'
import { uploadAttachment } from '@/records/data/upload'
import { alongOf, followUpOf } from '@/records/detail/followUp'

export interface About {
  object: ObjectDef
  record: RecordData
}

export interface QuickValues {
  kind: string | undefined
  content: string
  result: string | undefined
  next: string | null
  step: string
  place: string
  /** What the task is called; none is wanted without. */
  task: string | undefined
  photos: File[]
}

export type Part = 'followUp' | 'photos' | 'task'

/** Why it stopped, and where: what was done before is done and is not done again. */
export interface Stopped {
  part: Part
  error: ApiError
}

/** The follow-up, then its photos, then the task. Saving again after a failure goes on where it stopped. */
export function useQuickSave() {
  const { objects } = useCatalogue()
  const followUp = useCreate('follow_up')
  const task = useCreate('task')
  const [busy, setBusy] = useState(false)
  const [stopped, setStopped] = useState<Stopped>()
  const intent = useRef(randomKey())
  const done = useRef<{ followUp?: RecordData; photos: Set<File> }>({ photos: new Set() })

  const save = async ({ object, record }: About, v: QuickValues): Promise<boolean> => {
    const shape = followUpOf(objects, object)
    if (!shape || busy) return false
    setBusy(true)
    setStopped(undefined)
    let part: Part = 'followUp'
    try {
      const { fields } = shape.object
      const put = (name: string, value: unknown) =>
        fields[name]?.writable !== false && fields[name] && value ? { [name]: value } : {}
      done.current.followUp ??= await followUp.mutateAsync({
        idempotencyKey: `${intent.current}-follow`,
        values: {
          ...alongOf(shape.object, shape.link, object, record),
          [shape.link.name]: { id: record.id },
          ...put('kind', v.kind),
          content: v.content.trim(),
          ...put('result', v.result),
          ...put('next_at', v.next),
          ...put('next_step', v.next ? v.step.trim() : ''),
          ...put('place', v.place.trim()),
        },
      })
      part = 'photos'
      for (const photo of v.photos) {
        if (done.current.photos.has(photo)) continue
        await uploadAttachment(
          'follow_up',
          done.current.followUp.id,
          photo,
          () => {},
          new AbortController().signal,
        )
        done.current.photos.add(photo)
      }
      part = 'task'
      const target = objects.task
      if (v.task !== undefined && target) {
        const link = Object.values(target.fields).find((f) => f.type === 'lookup' && f.to === object.name)
        await task.mutateAsync({
          idempotencyKey: `${intent.current}-task`,
          values: {
            ...(link
              ? alongOf(target, link, object, record)
              : record.customer
                ? { customer: record.customer }
                : {}),
            ...(link ? { [link.name]: { id: record.id } } : {}),
            name: v.task.slice(0, target.fields.name?.max_length ?? 200),
            ...(v.next ? { due_at: v.next } : {}),
            description: v.content.trim(),
          },
        })
      }
      // A follower moves the last and next contact of the record a moment later.
      setTimeout(
        () => void queryClient.invalidateQueries({ queryKey: keys.one(object.name, record.id) }),
        400,
      )
      return true
    } catch (e) {
      if (!isApiError(e)) throw e
      // Corrected input is another request; only a lost answer is repeated under the same key.
      if (e.code !== 'offline') intent.current = randomKey()
      setStopped({ part, error: e })
      return false
    } finally {
      setBusy(false)
    }
  }
  return { save, busy, stopped, written: done.current.followUp !== undefined }
}
