import type { FC } from 'react'
import type { FieldDef, Lang, Operator, RecordData } from '@/api/types'

export interface ShowProps {
  field: FieldDef
  value: unknown
  record?: RecordData
  /** One line, in a table cell or on a card. */
  compact?: boolean
}

export interface EditProps {
  field: FieldDef
  value: unknown
  onChange(v: unknown): void
  autoFocus?: boolean
  disabled?: boolean
  record?: RecordData
  /** Enter, blur or a pick that ends the edit. May come in the same tick as `onChange`: keep the value in a ref. */
  onCommit?(): void
  /** Esc. */
  onCancel?(): void
  id?: string
  status?: 'error'
}

export interface FilterProps {
  field: FieldDef
  op: Operator
  value: unknown
  onChange(v: unknown): void
}

export interface FieldKind {
  Show: FC<ShowProps>
  Edit: FC<EditProps>
  Filter: FC<FilterProps>
  align?: 'left' | 'right'
  /** Column width in pixels before the viewer changes it. */
  width: number
  isEmpty(v: unknown): boolean
  /** Plain text for copying, titles and screen readers. */
  toText(v: unknown, field: FieldDef, ctx: { lang: Lang }): string
}
