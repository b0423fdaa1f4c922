import { QueryClientProvider } from '@tanstack/react-query'
import { act, cleanup, renderHook, waitFor } from '@testing-library/react'
import { createElement } from 'react'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { queryClient } from '@/api/queryClient'
import type { SignInOffers } from '@/api/signIn'
import { enterWorkspace } from '@/api/workspace'
import { useWorkspaceChoice } from './useWorkspaceChoice'

const password = { min_length: 8, kinds: 'any' as const, history: 0 }
let offers: Record<string, Partial<SignInOffers>> = {}
let asked: (string | null)[] = []

beforeEach(() => {
  queryClient.clear()
  enterWorkspace(undefined)
  localStorage.clear()
  asked = []
  offers = { '': { workspace: { name: 'main', title: '总公司' } } }
  vi.stubGlobal('fetch', async (_: string, init: RequestInit) => {
    expect(init.credentials).toBe('omit')
    const name = (init.headers as Record<string, string>)['X-Guanxi-Workspace'] ?? null
    asked.push(name)
    const body = offers[name ?? '']
    return new Response(
      JSON.stringify(body ? { password, ...body } : { status: 401, code: 'unauthenticated' }),
      {
        status: body ? 200 : 401,
        headers: { 'Content-Type': 'application/json' },
      },
    )
  })
})
afterEach(cleanup)

async function door(search: { workspace?: string; switch?: boolean } = {}) {
  const { result } = renderHook(() => useWorkspaceChoice(search), {
    wrapper: ({ children }) => createElement(QueryClientProvider, { client: queryClient }, children),
  })
  await waitFor(() => expect(result.current.offers).toBeDefined())
  return result
}

describe('the door of a server', () => {
  it('with nothing to choose has a small link only', async () => {
    const it = await door()
    expect(it.current).toMatchObject({ open: false, closed: true, name: 'main', title: '总公司' })
    act(it.current.show)
    expect(it.current).toMatchObject({ open: true, closed: false, value: '' })
    act(() => it.current.choose(' North '))
    expect(it.current.name).toBe('north')
    act(() => it.current.choose('北方'))
    let fine = true
    act(() => {
      fine = it.current.check()
    })
    expect(fine).toBe(false)
    expect(it.current.wrong).toBe(true)
    expect(it.current.name).toBeUndefined()
    // Emptied again it is the server's own, and the field stays where it is.
    act(() => it.current.choose(''))
    act(() => {
      fine = it.current.check()
    })
    expect(fine).toBe(true)
    expect(it.current).toMatchObject({ open: true, wrong: false, away: false, name: 'main' })
  })

  it('remembers the home workspace without bothering anybody with it', async () => {
    enterWorkspace('main')
    offers.main = offers[''] ?? {}
    const it = await door()
    expect(it.current).toMatchObject({ open: false, closed: true, name: 'main' })
  })

  it('shows the last one used so that it can be changed, also when it is gone', async () => {
    localStorage.setItem('guanxi:workspace', 'gone')
    const it = await door()
    expect(it.current).toMatchObject({ open: true, value: 'gone', name: 'gone', provider: undefined })
    act(() => it.current.choose(''))
    expect(it.current).toMatchObject({ open: true, name: 'main' })
  })

  it('opens at what the address names, and asks that one for its provider', async () => {
    localStorage.setItem('guanxi:workspace', 'gone')
    offers.north = { oidc: { label: '北方账号' } }
    const it = await door({ workspace: 'north' })
    expect(it.current).toMatchObject({ open: true, name: 'north' })
    await waitFor(() => expect(it.current.provider).toBe('北方账号'))
    expect(new Set(asked)).toEqual(new Set([null, 'north']))
  })

  it('offers a choice to who wants to switch', async () => {
    enterWorkspace('north')
    const it = await door({ switch: true })
    // Named, for the browser still has the session of the other one.
    expect(it.current).toMatchObject({ open: true, value: '', name: 'main' })
  })

  it('whose host name has chosen offers no choice', async () => {
    localStorage.setItem('guanxi:workspace', 'gone')
    offers[''] = {
      workspace: { name: 'north', title: '北方' },
      fixed: true,
      workspaces: [{ name: 'x1', title: 'X' }],
    }
    const it = await door({ workspace: 'south' })
    expect(it.current).toMatchObject({ open: false, closed: false, name: 'north', title: '北方' })
  })
})
