import { useQuery, useSuspenseQuery } from '@tanstack/react-query'
import type { Ability, Capability } from './abilities'
import { api } from './client'
import { keys, queryClient } from './queryClient'
import type { Catalogue, FieldDef, ObjectDef, Region } from './types'

export const catalogueQuery = {
  queryKey: keys.catalogue,
  queryFn: ({ signal }: { signal: AbortSignal }) => api.get<Catalogue>('/catalog', { signal }),
  staleTime: Number.POSITIVE_INFINITY,
  gcTime: Number.POSITIVE_INFINITY,
}

/** The shell loads the catalogue before anything inside it draws. */
export function useCatalogue(): Catalogue {
  return useSuspenseQuery(catalogueQuery).data
}

/** Absent when there is no such object or the viewer may not know it. */
export function useObject(name: string): ObjectDef | undefined {
  const { objects } = useCatalogue()
  return Object.hasOwn(objects, name) ? objects[name] : undefined
}

/** For code outside components, such as plain-text forms of values. */
export const currentCatalogue = () => queryClient.getQueryData<Catalogue>(keys.catalogue)

export const can = (object: ObjectDef | undefined, what: Capability) => object?.can.includes(what) ?? false

/** Something that concerns the whole workspace, such as giving roles. */
export const useMay = (what: Ability) => useCatalogue().abilities.includes(what)

/** The owner of a record that exists is given away by those only who may transfer. */
export const keepsOwner = (object: ObjectDef, field: FieldDef) =>
  field.name === 'owner' && object.traits.includes('owned') && !can(object, 'transfer')

/** An import writes: the right to bring files is of no use where one may neither create nor change. */
export const mayImport = (object: ObjectDef | undefined) =>
  can(object, 'import') && (can(object, 'create') || can(object, 'update'))

/** A field of an object, also a dotted one through lookups (`customer.level`). */
export function fieldAt(catalogue: Catalogue, object: string, path: string): FieldDef | undefined {
  const [first = '', ...rest] = path.split('.')
  const field = catalogue.objects[object]?.fields[first]
  if (!field || rest.length === 0) return field
  return field.to ? fieldAt(catalogue, field.to, rest.join('.')) : undefined
}

export const regionsQuery = {
  queryKey: keys.regions,
  queryFn: async () => (await api.get<{ items: Region[] }>('/regions')).items,
  staleTime: Number.POSITIVE_INFINITY,
  gcTime: Number.POSITIVE_INFINITY,
}

/** 3,000 names: asked for by the first region that is shown or edited. */
export function useRegions(enabled = true) {
  return useQuery({ ...regionsQuery, enabled })
}
