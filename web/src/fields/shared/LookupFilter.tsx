import { useTranslation } from 'react-i18next'
import { useViewer } from '@/api/session'
import type { Ref } from '@/api/types'
import type { EditProps } from '../types'
import { selfWords, targetOf, useTitles } from './candidates'
import { LookupEdit } from './LookupEdit'
import { useLasting } from './lasting'
import { asRef, asRefs } from './values'

/** In filters people can say "me", which stays true for whoever opens a shared address. */
function useSelf(target: string): Ref[] {
  const { t } = useTranslation('fields')
  const viewer = useViewer()
  const lasting = useLasting()
  if (target !== 'user' || lasting) return []
  return [{ id: selfWords.user, title: t('filter.me', { name: viewer.name }) }]
}

/** Filters hold bare ids; the titles beside them are looked up to be shown. */
export function LookupFilterOne(props: EditProps) {
  const target = targetOf(props.field)
  const self = useSelf(target)
  const ref = asRef(props.value)
  const titles = useTitles(target, ref && !ref.title ? [ref.id] : [])
  const title =
    ref && (self.find((s) => s.id === ref.id)?.title ?? ref.title ?? titles.data?.get(ref.id) ?? null)
  return (
    <LookupEdit
      {...props}
      field={{ ...props.field, required: false, where: undefined }}
      first={self}
      value={ref ? { id: ref.id, title } : null}
      onChange={(v) => props.onChange(asRef(v)?.id ?? null)}
    />
  )
}

export function LookupFilterMany(props: EditProps) {
  const target = targetOf(props.field)
  const self = useSelf(target)
  const refs = asRefs(props.value)
  const titles = useTitles(
    target,
    refs.map((r) => r.id),
  )
  const named = refs.map((r) => ({
    id: r.id,
    title: self.find((s) => s.id === r.id)?.title ?? titles.data?.get(r.id) ?? r.title,
  }))
  return (
    <LookupEdit
      {...props}
      many
      field={{ ...props.field, where: undefined }}
      first={self}
      value={named}
      onChange={(v) => props.onChange(asRefs(v).map((r) => r.id))}
    />
  )
}
