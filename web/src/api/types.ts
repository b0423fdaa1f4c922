/**
 * The shapes of docs/api.md. What the page may show or do always comes from here, never from a rule of its own.
 * What the OpenAPI document describes is taken from it (`npm run types`); the rest is written down here.
 */
import type { Ability, Capability } from './abilities'
import type { components } from './schema'
import type { Enrolment, PasswordRules } from './signIn'

type Schemas = components['schemas']
/** With parts that the document leaves open said more closely. */
type Closer<T, Parts> = Omit<T, keyof Parts> & Parts

export type Lang = 'zh' | 'en'
export type Label = Record<Lang, string>

export const fieldTypes = [
  'text',
  'long_text',
  'integer',
  'decimal',
  'money',
  'percent',
  'boolean',
  'date',
  'datetime',
  'choice',
  'multi_choice',
  'phone',
  'email',
  'url',
  'region',
  'address',
  'lookup',
  'multi_lookup',
  'category',
  'user',
  'department',
  'file',
  'image',
  'auto_number',
  'formula',
  'rating',
  'tags',
] as const
export type FieldType = (typeof fieldTypes)[number]

export const operators = [
  '=',
  '!=',
  '<',
  '<=',
  '>',
  '>=',
  'in',
  'not_in',
  'contains',
  'starts_with',
  'between',
  'is_null',
  'not_null',
  'within',
  'under',
] as const
export type Operator = (typeof operators)[number]

/** `[field, operator, value]`; `is_null` and `not_null` have no value. */
export type Condition = [field: string, op: Operator, value?: unknown]
export type FilterExpr = Condition | { and: FilterExpr[] } | { or: FilterExpr[] } | { not: FilterExpr }

export interface Option {
  value: string
  label: Label
  color?: string
}

export interface FieldDef {
  name: string
  type: FieldType
  label: Label
  help?: Label
  required?: boolean
  unique?: boolean
  readable?: boolean
  writable?: boolean
  /** The viewer sees a part of the value only (138****8023). */
  masked?: boolean
  system?: boolean
  custom?: boolean
  hidden?: boolean
  sortable?: boolean
  searchable?: boolean
  groupable?: boolean
  operators: Operator[]
  default?: unknown
  max_length?: number
  min?: number | string
  max?: number | string
  /** Target object of lookup, multi_lookup, category, user, department. */
  to?: string
  /** Narrows lookup candidates: key is a field of the target, value a field of this record. */
  where?: Record<string, string>
  options?: Option[]
  /** What a formula or an automatic number yields. */
  returns?: FieldType
  expression?: string
}

export interface Section {
  label: Label
  fields: string[]
  columns?: number
}

export interface RelatedList {
  object: string
  /** The lookup of `object` that points here. */
  field: string
  columns: string[]
  label?: Label
}

export interface Layout {
  list?: { columns: string[]; sort?: string; surname_index?: boolean }
  detail?: { sections: Section[]; highlights?: string[]; related?: RelatedList[] }
  create?: { fields: string[]; lines?: string[] }
  board?: { group_by: string; sum?: string; card?: string[] }
  calendar?: { date: string; end?: string }
}

export interface ActionDef {
  name: string
  label: Label
  icon?: string
  when?: FilterExpr
  input?: (string | FieldDef)[]
}

export interface PromptDef {
  on: string
  where: Record<string, unknown>
  fields: string[]
}

export interface ObjectDef {
  name: string
  module: string
  icon?: string
  label: Label
  plural: Label
  /** The field that names a record. */
  title: string
  traits: string[]
  /** The lookup to the record that this one is a line of. */
  parent?: string | null
  can: Capability[]
  fields: Record<string, FieldDef>
  layout: Layout
  actions?: ActionDef[]
  prompts?: PromptDef[]
  /** While `field` has one of `values`, the record and its lines cannot be changed but for `keeps` and the owner. */
  closed?: { field: string; values: string[]; keeps: string[] }[]
  duplicates?: { fields: string[]; mode: 'warn' | 'block' }[]
}

export interface ModuleDef {
  name: string
  label: Label
  icon?: string
  /** In the order of the navigation. */
  objects: string[]
}

export interface Workspace {
  name: string
  title: string
  currency: string
  time_zone: string
  fiscal_year_start: number
  week_start: number
  demo: boolean
}

export interface Catalogue {
  version: string
  workspace: Workspace
  /** What the viewer may do beyond single objects. */
  abilities: Ability[]
  modules: ModuleDef[]
  objects: Record<string, ObjectDef>
}

/** What a lookup holds. `title` is null where the viewer may not read it. */
export type Ref = Required<Schemas['Reference']>
export type FileRef = Closer<Schemas['FileReference'], Ref>

export interface RecordData {
  id: string
  version: number
  _can?: ('update' | 'delete')[]
  /** In the answer of an action: what it made, where one goes on. */
  _made?: { object: string; id: string }[]
  [field: string]: unknown
}

export interface Paged<T> {
  items: T[]
  next: string | null
}

export interface RecordPage extends Paged<RecordData> {
  total?: number
}

/** Records of shipped objects, for the screens that know their fields by name. */
export type Customer = Schemas['Customer']
export type Task = Schemas['Task']

export interface ListQuery {
  filter?: FilterExpr
  sort?: string
  fields?: string[]
  limit?: number
  count?: boolean
  /** Start at this value of the first sort field (surname index). */
  seek?: string
}

export interface ViewerInfo {
  id: string
  name: string
  login: string
  roles: string[]
  department: Ref | null
  /** His password is the company directory's. */
  directory?: boolean
}

export interface Session {
  user: ViewerInfo
  preferences: Record<string, unknown>
  /** `home` is the one whose administrators are the server's. */
  workspace?: { name: string; title: string; home: boolean }
  server_administrator?: boolean
}

export interface Duplicate {
  id: string | null
  title: string | null
  owner?: Ref | null
  fields: string[]
  mode: 'warn' | 'block'
}

export type Problem = Closer<
  Schemas['Problem'],
  {
    /** Of `password_expired`: what the new one must be like. */
    password?: PasswordRules
    /** Of `totp_enrolment_required`: what an authenticator app needs. */
    enrolment?: Enrolment
    /** Absent where the page itself says what went wrong (no network). */
    type?: string
    /** With `duplicate_warning`. */
    duplicates?: Duplicate[]
    /** With `stale_version`: the record as it is now. */
    current?: RecordData
  }
>

export type AggregateSpec = Closer<Schemas['Aggregate'], { filter?: FilterExpr }>
export type DateUnit = Exclude<NonNullable<AggregateSpec['group_by']>[number], string>['by']
export type AggregateRow = Record<string, unknown>

export interface SearchHit {
  object: string
  id: string
  title: string
  matched?: string
  subtitle?: string | null
}

export interface RecentItem {
  object: string
  id: string
  title: string
  at: string
}

export interface HistoryEntry {
  seq: number
  at: string
  actor: Ref | null
  via: 'page' | 'api' | 'calendar' | 'import' | 'rule' | 'system'
  kind: 'create' | 'update' | 'delete' | 'restore' | 'purge'
  version: number
  changes: { field: string; before: unknown; after: unknown }[]
}

export interface TimelineEntry {
  at: string
  object: string
  id: string
  title: string | null
  kind: 'record' | 'change'
  actor: Ref | null
  record?: RecordData
  change?: HistoryEntry
}

export interface ViewDefinition {
  columns?: string[]
  widths?: Record<string, number>
  filter?: FilterExpr
  sort?: string
  group?: string
  totals?: Record<string, string>
}
export interface SavedView {
  id: string
  object: string
  name: string
  kind: 'table' | 'board' | 'calendar'
  definition: ViewDefinition
  is_default: boolean
}

export interface TrashItem {
  object: string
  id: string
  title: string
  deleted_at: string
  deleted_by: Ref | null
}

export interface Attachment {
  id: string
  name: string
  size: number
  type: string
  created_at: string
  created_by: Ref | null
}

/** A browser that somebody is signed in with. */
export interface OpenSession {
  id: string
  created_at: string
  expires_at: string
  address: string
  agent: string
  current: boolean
}

export interface Region {
  code: string
  name: string
  en?: string
  parent: string | null
}

export type ImportState = 'uploaded' | 'running' | 'done' | 'failed' | 'cancelled' | 'interrupted' | 'undone'
export interface ImportInfo {
  id: string
  object: string
  file_name: string
  state: ImportState
  dry_run: boolean
  rows_total: number | null
  read: number
  created: number
  updated: number
  unchanged: number
  failed: number
  created_by_lookup: number
  columns: { name: string; samples: string[]; field: string | null }[]
  mapping: Record<string, unknown> | null
  message: string | null
  created_at: string
  has_errors: boolean
  /** Why the first refused rows were refused; lines of the file. */
  first_errors: { line: number; reason: string }[]
}

export type BulkRequest = Closer<
  Schemas['Bulk'],
  {
    action: Schemas['Bulk']['action'] | 'claim' | 'assign' | 'release'
    values?: Record<string, unknown>
  }
>
export type BulkResult = Closer<
  Schemas['BulkAnswer'],
  { failed: { id: string; code: string; message: string }[] }
>

export interface ChangeEvent {
  object: string
  id: string
  kind: 'create' | 'update' | 'delete' | 'restore'
  version: number
  actor: string | null
}
