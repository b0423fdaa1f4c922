import { renderHook } from '@testing-library/react'
import { beforeEach, describe, expect, it, vi } from 'vitest'

/** A page that has just been loaded in this tab of this browser. */
async function load() {
  vi.resetModules()
  const workspace = await import('./workspace')
  const client = await import('./client')
  const session = await import('./session')
  const { keys, queryClient } = await import('./queryClient')
  return { ...workspace, ...client, ...session, keys, queryClient }
}

interface Sent {
  method: string
  url: string
  workspace: string | null
  body?: unknown
}
let sent: Sent[] = []

/** A server on which somebody is signed in to `signedIn`; anybody else is nobody. */
function serve(
  signedIn: () => string | undefined,
  more: (call: Sent) => Response | undefined = () => undefined,
) {
  vi.stubGlobal('fetch', async (url: string, init: RequestInit) => {
    const headers = init.headers as Record<string, string>
    const call: Sent = {
      method: init.method ?? 'GET',
      url,
      workspace: headers['X-Guanxi-Workspace'] ?? null,
      body: typeof init.body === 'string' ? JSON.parse(init.body) : undefined,
    }
    sent.push(call)
    const answer = more(call)
    if (answer) return answer
    const here = signedIn()
    if (here === undefined || (call.workspace !== null && call.workspace !== here)) return refused()
    return url.endsWith('/session') && call.method === 'GET' ? json(sessionOf(here)) : json({})
  })
}
const json = (body: unknown, status = 200) =>
  new Response(JSON.stringify(body), { status, headers: { 'Content-Type': 'application/json' } })
const refused = () => json({ title: 'no', status: 401, code: 'unauthenticated' }, 401)
const sessionOf = (name: string) => ({
  user: { id: 'u1', name: 'Li', login: 'li', roles: [], department: null },
  preferences: {},
  workspace: { name, title: name.toUpperCase(), home: name === 'main' },
})

beforeEach(() => {
  localStorage.clear()
  sessionStorage.clear()
  history.replaceState(null, '', '/')
  sent = []
})

describe('the name of a workspace', () => {
  it('is small letters, digits and underscores, two to forty, a letter first', async () => {
    const { workspaceName } = await load()
    expect(workspaceName('north')).toBe('north')
    expect(workspaceName(' North_2 ')).toBe('north_2')
    // As an input method for Chinese writes it in full width.
    expect(workspaceName('ｎｏｒｔｈ')).toBe('north')
    expect(workspaceName('a'.repeat(40))).toBe('a'.repeat(40))
    for (const bad of [
      '',
      'a',
      '2north',
      '_north',
      'no-rth',
      'north\r\nX: y',
      '华东',
      'a'.repeat(41),
      null,
      undefined,
    ]) {
      expect(workspaceName(bad), String(bad)).toBeUndefined()
    }
  })
})

describe('which workspace', () => {
  it('is at the door the one of the address, else of the tab, else the last one used, else none', async () => {
    let page = await load()
    expect(page.doorWorkspace()).toBeUndefined()

    localStorage.setItem('guanxi:workspace', 'last')
    page = await load()
    expect(page.doorWorkspace()).toBe('last')
    expect(page.tabWorkspace()).toBeUndefined()

    sessionStorage.setItem('guanxi:workspace', 'tab')
    page = await load()
    expect(page.doorWorkspace()).toBe('tab')

    history.replaceState(null, '', '/sign-in?workspace=north')
    expect(page.doorWorkspace()).toBe('north')
    history.replaceState(null, '', '/setup?token=t&workspace=south')
    expect(page.doorWorkspace()).toBe('south')
    // Anywhere else the word belongs to the place, and what is no name is none.
    history.replaceState(null, '', '/o/customer?workspace=north')
    expect(page.doorWorkspace()).toBe('tab')
    history.replaceState(null, '', '/sign-in?workspace=../x')
    expect(page.doorWorkspace()).toBe('tab')
  })

  it('is kept through a reload of the tab, and offered to the next tab', async () => {
    const first = await load()
    expect(first.enterWorkspace('north')).toBe(false)
    expect(first.enterWorkspace('north')).toBe(false)
    expect((await load()).tabWorkspace()).toBe('north')
    sessionStorage.clear()
    const other = await load()
    expect(other.tabWorkspace()).toBeUndefined()
    expect(other.doorWorkspace()).toBe('north')
    expect(other.enterWorkspace('south')).toBe(false)
    expect(first.enterWorkspace('south')).toBe(true)
  })

  it('is forgotten by the tab, not by the browser, where the server is to choose', async () => {
    const { enterWorkspace, tabWorkspace, lastWorkspace } = await load()
    enterWorkspace('north')
    enterWorkspace(undefined)
    expect(tabWorkspace()).toBeUndefined()
    expect(lastWorkspace()).toBe('north')
    expect(sessionStorage.getItem('guanxi:workspace')).toBeNull()
  })

  it('does without a browser that keeps nothing', async () => {
    const broken = vi.spyOn(Storage.prototype, 'setItem').mockImplementation(() => {
      throw new DOMException('full', 'QuotaExceededError')
    })
    const { enterWorkspace, tabWorkspace } = await load()
    enterWorkspace('north')
    expect(tabWorkspace()).toBe('north')
    broken.mockRestore()
  })
})

describe('a request', () => {
  it('says in a header for which workspace it is, a link in its address', async () => {
    serve(() => 'north')
    const { api, url, enterWorkspace } = await load()
    await api.get('/trash', { query: { limit: 1 } })
    expect(url('/files/1')).toBe('/api/v1/files/1')
    enterWorkspace('north')
    await api.get('/trash', { query: { limit: 1 } })
    expect(sent.map((s) => [s.url, s.workspace])).toEqual([
      ['/api/v1/trash?limit=1', null],
      ['/api/v1/trash?limit=1', 'north'],
    ])
    expect(url('/files/1')).toBe('/api/v1/files/1?workspace=north')
    expect(url('/files/1', { size: 2 })).toBe('/api/v1/files/1?workspace=north&size=2')
  })

  it('takes another one, or none, where that is asked for', async () => {
    serve(() => 'north')
    const { api, url, enterWorkspace } = await load()
    enterWorkspace('north')
    await api.get('/sign-in', { workspace: 'south', keepOn401: true }).catch(() => {})
    await api.get('/sign-in', { workspace: null })
    expect(sent.map((s) => s.workspace)).toEqual(['south', null])
    expect(url('/oidc/start', { workspace: 'south' })).toBe('/api/v1/oidc/start?workspace=south')
    expect(url('/oidc/start', { workspace: undefined })).toBe('/api/v1/oidc/start')
  })

  it('of a tab that still shows another workspace is refused, and the tab is led to the door', async () => {
    serve(() => 'south')
    const { api, enterWorkspace, onSignedOut } = await load()
    const left = vi.fn()
    onSignedOut(left)
    enterWorkspace('north')
    await expect(api.patch('/records/customer/1', { name: 'x' })).rejects.toMatchObject({ status: 401 })
    expect(sent[0]?.workspace).toBe('north')
    expect(left).toHaveBeenCalledOnce()
  })

  it('from before the tab went elsewhere does not end the session it has now', async () => {
    let answer: (r: Response) => void = () => {}
    vi.stubGlobal('fetch', () => new Promise<Response>((done) => (answer = done)))
    const { api, enterWorkspace, onSignedOut } = await load()
    const left = vi.fn()
    onSignedOut(left)
    enterWorkspace('north')
    const late = api.get('/trash').catch((e) => e)
    enterWorkspace('south')
    answer(refused())
    await late
    expect(left).not.toHaveBeenCalled()
  })
})

describe('a session', () => {
  it('tells a fresh tab where it is, whatever was used last', async () => {
    localStorage.setItem('guanxi:workspace', 'north')
    serve(() => 'main')
    const { loadSession, tabWorkspace, lastWorkspace } = await load()
    expect((await loadSession())?.workspace?.name).toBe('main')
    expect(sent[0]?.workspace).toBeNull()
    expect(tabWorkspace()).toBe('main')
    expect(lastWorkspace()).toBe('main')
  })

  it('of another workspace is none for a tab that knows its own', async () => {
    sessionStorage.setItem('guanxi:workspace', 'north')
    serve(() => 'main')
    const { loadSession, tabWorkspace } = await load()
    expect(await loadSession()).toBeNull()
    expect(tabWorkspace()).toBe('north')
  })

  it('is asked of the workspace that the address names', async () => {
    history.replaceState(null, '', '/sign-in?workspace=north')
    serve(() => 'main')
    const { loadSession, tabWorkspace } = await load()
    expect(await loadSession()).toBeNull()
    expect(sent[0]?.workspace).toBe('north')
    expect(tabWorkspace()).toBeUndefined()
  })

  it('begun in another workspace leaves nothing of the former one in memory, nor waiting to be written', async () => {
    vi.useFakeTimers()
    let here = 'north'
    serve(
      () => here,
      ({ method, url, body }) => {
        if (method !== 'POST' || url !== '/api/v1/session') return undefined
        here = (body as { workspace?: string }).workspace ?? 'main'
        return json({})
      },
    )
    // One copy of the module of React's queries, as the page has.
    const { loadSession, savePreference, useSignIn, queryClient, keys, tabWorkspace } = await load()
    const { QueryClientProvider } = await import('@tanstack/react-query')
    const { createElement } = await import('react')
    queryClient.setQueryData(keys.session, await loadSession())
    queryClient.setQueryData(keys.trash, ['theirs'])
    savePreference('nav_collapsed', true)

    const { result } = renderHook(() => useSignIn(), {
      wrapper: ({ children }) => createElement(QueryClientProvider, { client: queryClient }, children),
    })
    const done = await result.current.mutateAsync({ login: 'li', password: 'p', workspace: 'south' })
    expect(done.moved).toBe(true)
    expect(done.session?.workspace?.name).toBe('south')
    expect(tabWorkspace()).toBe('south')
    expect(queryClient.getQueryData(keys.trash)).toBeUndefined()
    expect(queryClient.getQueryData(keys.session)).toMatchObject({ workspace: { name: 'south' } })
    const [, post, then] = sent
    expect(post).toMatchObject({ workspace: 'south', body: { login: 'li', workspace: 'south' } })
    expect(then?.workspace).toBe('south')
    await vi.advanceTimersByTimeAsync(1000)
    expect(sent.some((s) => s.method === 'PUT')).toBe(false)

    // The same one again, and the one the server itself chooses.
    expect((await result.current.mutateAsync({ login: 'li', password: 'p', workspace: 'south' })).moved).toBe(
      false,
    )
    const home = await result.current.mutateAsync({ login: 'li', password: 'p' })
    expect(home.moved).toBe(true)
    expect(sent.at(-2)).toMatchObject({ method: 'POST', workspace: null })
    expect(tabWorkspace()).toBe('main')
    vi.useRealTimers()
  })
})

describe('links for others', () => {
  it('name the workspace, or go to its own address', async () => {
    const { setupLink, signInLink } = await import('./workspaces')
    const setup = { login: 'admin', token: 'a+b/c=' }
    const north = { name: 'north', address: null }
    const own = { name: 'north', address: 'https://north.example.com' }
    expect(setupLink(north, setup, 'http://crm:8080')).toBe(
      'http://crm:8080/setup?token=a%2Bb%2Fc%3D&workspace=north',
    )
    expect(setupLink(own, setup, 'http://crm:8080')).toBe(
      'https://north.example.com/setup?token=a%2Bb%2Fc%3D&workspace=north',
    )
    expect(signInLink(north, 'http://crm:8080')).toBe('http://crm:8080/sign-in?workspace=north')
    expect(signInLink(own, 'http://crm:8080')).toBe('https://north.example.com/sign-in')
  })
})
