import type { ListQuery, Problem, RecordData } from './types'
import { tabWorkspace } from './workspace'

const BASE = '/api/v1'

/** Every failed call ends as one of these, network failures too (`code` `offline`), so that callers handle one shape. */
export class ApiError extends Error {
  readonly problem: Problem
  /** Seconds, from `Retry-After`. */
  readonly retryAfter: number | null

  constructor(problem: Problem, retryAfter: number | null = null) {
    super(problem.detail ?? problem.title)
    this.name = 'ApiError'
    this.problem = problem
    this.retryAfter = retryAfter
  }
  get code() {
    return this.problem.code
  }
  get status() {
    return this.problem.status
  }
  /** The message for one input, if the server named it. */
  forField(field: string): string | undefined {
    return this.problem.errors?.find((e) => e.field === field)?.message
  }
}

export function isApiError(e: unknown, code?: string): e is ApiError {
  return e instanceof ApiError && (code === undefined || e.code === code)
}

let language = 'zh-CN'
/** Messages of the server come in this language. */
export function setApiLanguage(tag: string) {
  language = tag
}

let signedOut: () => void = () => {}
/** Called once a call was refused because the session ended. */
export function onSignedOut(handler: () => void) {
  signedOut = handler
}

// `crypto.randomUUID` is absent on plain http other than localhost, where many a company runs this.
export function randomKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  return Array.from(bytes, (b) => b.toString(16).padStart(2, '0')).join('')
}

export interface RequestOptions {
  query?: Record<string, string | number | boolean | null | undefined>
  body?: unknown
  headers?: Record<string, string>
  signal?: AbortSignal
  /** Same key for a repeat of the same intent; made fresh for each POST otherwise. */
  idempotencyKey?: string
  /** Sign-in itself answers 401 and must not be taken for a session that ended. */
  keepOn401?: boolean
  /** Before one is signed in: the workspace that was chosen, `null` for none. The tab's own otherwise. */
  workspace?: string | null
  /** Asked by nobody in particular: without the session that the browser may have, which would name its own workspace. */
  anonymous?: boolean
}

function address(path: string, query?: RequestOptions['query']): string {
  const params = new URLSearchParams()
  for (const [key, value] of Object.entries(query ?? {})) {
    if (value !== undefined && value !== null && value !== '') params.set(key, String(value))
  }
  const tail = params.toString()
  return BASE + path + (tail ? `?${tail}` : '')
}

/** For what the browser fetches by itself (links, pictures, streams): it sends no header, so the address names the workspace. */
export function url(path: string, query?: RequestOptions['query']): string {
  return address(path, { workspace: tabWorkspace(), ...query })
}

async function failure(response: Response): Promise<ApiError> {
  const retry = Number(response.headers.get('Retry-After'))
  let problem: Problem
  try {
    problem = (await response.json()) as Problem
    if (typeof problem.code !== 'string') throw new TypeError('not a problem')
  } catch {
    problem = {
      title: response.statusText || String(response.status),
      status: response.status,
      code: 'unexpected',
    }
  }
  return new ApiError(
    { ...problem, status: response.status },
    Number.isFinite(retry) && retry > 0 ? retry : null,
  )
}

/** The answer as it comes in, for what is too long to wait for in full. */
export async function send(method: string, path: string, options: RequestOptions = {}): Promise<Response> {
  const workspace = options.workspace === undefined ? tabWorkspace() : options.workspace
  const headers: Record<string, string> = {
    Accept: 'application/json, application/problem+json',
    'Accept-Language': language,
    ...(workspace && { 'X-Guanxi-Workspace': workspace }),
    ...options.headers,
  }
  let body: BodyInit | undefined
  if (options.body instanceof FormData) body = options.body
  else if (options.body !== undefined) {
    headers['Content-Type'] = 'application/json'
    body = JSON.stringify(options.body)
  }
  if (method === 'POST') headers['Idempotency-Key'] = options.idempotencyKey ?? randomKey()
  let response: Response
  try {
    response = await fetch(address(path, options.query), {
      method,
      headers,
      body,
      signal: options.signal,
      credentials: options.anonymous ? 'omit' : 'same-origin',
    })
  } catch (e) {
    if (e instanceof DOMException && e.name === 'AbortError') throw e
    throw new ApiError({ title: 'offline', status: 0, code: 'offline' })
  }
  if (!response.ok) {
    const error = await failure(response)
    // An answer to a request from before the tab went elsewhere says nothing of the session it has now.
    const here = options.workspace !== undefined || workspace === tabWorkspace()
    if (error.status === 401 && !options.keepOn401 && here) signedOut()
    throw error
  }
  return response
}

export async function request<T>(method: string, path: string, options?: RequestOptions): Promise<T> {
  const response = await send(method, path, options)
  if (response.status === 204) return undefined as T
  const type = response.headers.get('Content-Type') ?? ''
  return (type.includes('json') ? await response.json() : await response.text()) as T
}

export const api = {
  get: <T>(path: string, options?: RequestOptions) => request<T>('GET', path, options),
  post: <T>(path: string, body?: unknown, options?: RequestOptions) =>
    request<T>('POST', path, { ...options, body }),
  patch: <T>(path: string, body?: unknown, options?: RequestOptions) =>
    request<T>('PATCH', path, { ...options, body }),
  put: <T>(path: string, body?: unknown, options?: RequestOptions) =>
    request<T>('PUT', path, { ...options, body }),
  delete: <T>(path: string, options?: RequestOptions) => request<T>('DELETE', path, options),
}

const seg = encodeURIComponent
export const recordPath = (object: string, id?: string, ...more: string[]) =>
  `/records/${[object, ...(id === undefined ? [] : [id]), ...more].map(seg).join('/')}`

export function listParams(query: ListQuery): NonNullable<RequestOptions['query']> {
  return {
    filter: query.filter === undefined ? undefined : JSON.stringify(query.filter),
    sort: query.sort,
    fields: query.fields?.join(','),
    limit: query.limit,
    seek: query.seek,
    count: query.count || undefined,
  }
}

/** Editors hold `{id,title}` for links and files; the server takes ids. */
export function toInput(values: Record<string, unknown>): Record<string, unknown> {
  const plain = (v: unknown): unknown =>
    Array.isArray(v)
      ? v.map(plain)
      : v !== null && typeof v === 'object' && 'id' in v
        ? (v as { id: unknown }).id
        : v
  return Object.fromEntries(
    Object.entries(values)
      .filter(([key, v]) => v !== undefined && !key.startsWith('_') && !key.includes('.'))
      .map(([key, v]) => [key, plain(v)]),
  )
}

/** `If-Match` wants the version quoted, as in the ETag. */
export const ifMatch = (record: Pick<RecordData, 'version'>) => ({ 'If-Match': `"${record.version}"` })
