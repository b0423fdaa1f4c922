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

export function ListLink({
  object,
  search,
  children,
  className,
}: {
  object: string
  search?: ListSearch
  children: ReactNode
  className?: string
}) {
  const target = { to: '/o/$object', params: { object }, search: search ?? {} } as unknown as { to: '/' }
  return (
    <Link {...target} className={className}>
      {children}
    </Link>
  )
}
