import { PaperClipOutlined } from '@ant-design/icons'
import { url } from '@/api/client'
import { Dash } from '@/ui/values'
import { FileEdit } from '../shared/FileEdit'
import { filterOf } from '../shared/filterOf'
import css from '../shared/shared.module.css'
import { asFile } from '../shared/values'
import type { EditProps, FieldKind, ShowProps } from '../types'

function Show({ value, compact }: ShowProps) {
  const file = asFile(value)
  if (!file) return <Dash />
  return (
    <a
      className={`${css.link} ${compact ? css.line : css.words}`}
      href={url(`/files/${encodeURIComponent(file.id)}`)}
      download={file.title ?? undefined}
      onClick={(e) => e.stopPropagation()}
    >
      <PaperClipOutlined aria-hidden /> {file.title ?? file.id}
    </a>
  )
}
function Edit(props: EditProps) {
  return <FileEdit {...props} />
}

export const file: FieldKind = {
  Show,
  Edit,
  Filter: filterOf({}),
  width: 180,
  isEmpty: (v) => asFile(v) === undefined,
  toText: (v) => asFile(v)?.title ?? '',
}
