import { Link, useNavigate } from '@tanstack/react-router'
import { type ReactNode, useMemo } from 'react'
import type { ListSearch } from '../model/viewState'

/**
 * Addresses of the record screens. The router's types know the routes of src/app; naming them here as plain text keeps
 * records/ free of that module and lets both be tested apart.
 */
type AnyNavigate = (options: {
  to: string
  params?: Record<string, string>
  search?: object | ((before: Record<string, unknown>) => Record<string, unknown>)
  replace?: boolean
}) => Promise<void>

export function useGo() {
  const navigate = useNavigate() as unknown as AnyNavigate
  return useMemo(
    () => ({
      list: (object: string, search: ListSearch = {}) =>
        navigate({ to: '/o/$object', params: { object }, search }),
      record: (object: string, id: string, replace = false) =>
        navigate({ to: '/o/$object/$id', params: { object, id }, replace }),
      import: (object: string) => navigate({ to: '/o/$object/import', params: { object } }),
      /** Back to the list one came from, which may be that of a pool. */
      back: (object: string, trail: { search: ListSearch; pool?: string } | null) =>
        navigate({ ...listOf(object, trail?.pool), search: trail?.search ?? {} }),
      trash: () => navigate({ to: '/trash' }),
      handover: (id: string) => navigate({ to: '/admin/handovers/$id', params: { id } }),
      handOver: (user: string) => navigate({ to: '/admin/handovers/new/$user', params: { user } }),
      /** Changes the question of the list that is open. */
      search: (change: (before: Record<string, unknown>) => Record<string, unknown>, replace = true) =>
        navigate({ to: '.', search: change, replace }),
    }),
    [navigate],
  )
}

const listOf = (object: string, pool: string | undefined): { to: string; params: Record<string, string> } =>
  pool ? { to: '/pools/$id', params: { id: pool } } : { to: '/o/$object', params: { object } }

export function ListLink({
  object,
  search,
  pool,
  children,
  className,
}: {
  object: string
  search?: ListSearch
  pool?: string
  children: ReactNode
  className?: string
}) {
  const target = { ...listOf(object, pool), search: search ?? {} } as unknown as { to: '/' }
  return (
    <Link {...target} className={className}>
      {children}
    </Link>
  )
}
