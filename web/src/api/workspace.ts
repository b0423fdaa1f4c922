/**
 * Which workspace this tab is in. A server may hold several, each fully apart, and one browser has one session for all its
 * tabs: every request therefore says which workspace it is meant for, so that a tab that still shows one cannot write into
 * another after somebody signed in elsewhere.
 */

const STORE = 'guanxi:workspace'

/** What a workspace may be called; also what may stand in a header. */
export const workspacePattern = /^[a-z][a-z0-9_]{1,39}$/

/** The name as the server knows it; nothing where the text cannot be one. */
export function workspaceName(text: unknown): string | undefined {
  const name = String(text ?? '')
    .normalize('NFKC')
    .trim()
    .toLowerCase()
  return workspacePattern.test(name) ? name : undefined
}

function read(store: () => Storage): string | undefined {
  try {
    return workspaceName(store().getItem(STORE))
  } catch {
    return undefined
  }
}

function keep(store: () => Storage, name: string | undefined) {
  try {
    if (name === undefined) store().removeItem(STORE)
    else store().setItem(STORE, name)
  } catch {
    // A browser that keeps nothing: the tab is known for as long as it is open.
  }
}

const ofTab = () => sessionStorage
const ofBrowser = () => localStorage

let tab = read(ofTab)

/** Nothing in a tab that has just been opened: it takes what its session says. */
export const tabWorkspace = () => tab

/** The last one that was used in this browser. */
export const lastWorkspace = () => read(ofBrowser)

/** From here on requests are for this one. Says whether the tab was in another one before. */
export function enterWorkspace(name: string | undefined): boolean {
  const left = tab !== undefined && tab !== name
  tab = name
  keep(ofTab, name)
  if (name !== undefined) keep(ofBrowser, name)
  return left
}

/** The one that the page's own address names, before anybody is signed in. */
export function askedWorkspace(at: Pick<Location, 'pathname' | 'search'> = location): string | undefined {
  if (!/^\/(sign-in|setup)\/?$/.test(at.pathname)) return undefined
  return workspaceName(new URLSearchParams(at.search).get('workspace'))
}

/** Which one to offer at the door: named by the address, or the one the tab was in, or the last one used. */
export const doorWorkspace = (asked = askedWorkspace()) => asked ?? tab ?? lastWorkspace()
