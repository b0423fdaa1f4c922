import { Rate } from 'antd'
import { Dash } from '@/ui/values'
import { filterOf } from '../shared/filterOf'
import css from '../shared/shared.module.css'
import type { EditProps, FieldKind, ShowProps } from '../types'

const empty = (v: unknown) => typeof v !== 'number'

function Show({ value }: ShowProps) {
  if (empty(value)) return <Dash />
  const n = value as number
  return (
    <span role="img" aria-label={`${n}/5`} title={`${n}/5`}>
      <Rate className={css.stars} value={n} disabled tabIndex={-1} aria-hidden />
    </span>
  )
}

function Edit({ value, onChange, autoFocus, disabled, onCommit, onCancel }: EditProps) {
  return (
    <Rate
      value={empty(value) ? 0 : (value as number)}
      onChange={(n) => {
        onChange(n)
        onCommit?.()
      }}
      onKeyDown={(e) => {
        if (e.key === 'Escape') onCancel?.()
      }}
      autoFocus={autoFocus}
      disabled={disabled}
    />
  )
}

export const rating: FieldKind = {
  Show,
  Edit,
  Filter: filterOf({ one: Edit }),
  width: 128,
  isEmpty: empty,
  toText: (v) => (empty(v) ? '' : `${v}/5`),
}
