import { url } from '@/api/client'
import { Dash } from '@/ui/values'
import { FileEdit } from '../shared/FileEdit'
import { filterOf } from '../shared/filterOf'
import css from '../shared/shared.module.css'
import { asFile } from '../shared/values'
import type { EditProps, FieldKind, ShowProps } from '../types'

function Show({ value, compact }: ShowProps) {
  const picture = asFile(value)
  if (!picture) return <Dash />
  const address = url(`/files/${encodeURIComponent(picture.id)}`)
  return (
    <a href={address} target="_blank" rel="noreferrer" onClick={(e) => e.stopPropagation()}>
      <img
        className={`${css.thumb} ${compact ? css.thumbSmall : ''}`}
        src={address}
        alt={picture.title ?? ''}
        loading="lazy"
      />
    </a>
  )
}
function Edit(props: EditProps) {
  return <FileEdit {...props} accept="image/*" />
}

export const image: FieldKind = {
  Show,
  Edit,
  Filter: filterOf({}),
  width: 88,
  isEmpty: (v) => asFile(v) === undefined,
  toText: (v) => asFile(v)?.title ?? '',
}
