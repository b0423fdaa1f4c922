import { PlusOutlined } from '@ant-design/icons'
import { Button } from 'antd'
import { type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { can } from '@/api/catalogue'
import { useTree } from '@/api/records'
import type { ObjectDef, RecordData } from '@/api/types'
import { Page } from '@/ui/Page'
import { ListSkeleton } from '@/ui/Skeletons'
import { EmptyState, ErrorState } from '@/ui/states'
import { type Branch, branchesOf, type Move } from './branches'
import { DragTree } from './DragTree'
import { type TreeKind, titleOf } from './kind'
import { useTreeMove } from './useTreeMove'

interface Editing {
  record?: RecordData
  parent?: RecordData
}

/** What a row can ask for. */
export interface RowEdit {
  onEdit(record: RecordData): void
  onAdd(parent: RecordData): void
}

interface Props {
  /** Which words. */
  kind: TreeKind
  object: ObjectDef
  /** Shown where there is nothing yet. */
  icon: ReactNode
  /** What stands over the tree. */
  root(top: Branch[]): ReactNode
  rowOf(branch: Branch, edit: RowEdit): ReactNode
  /** Asks first where a move means more than another place; `carryOut` does it. */
  onMove(move: Move, carryOut: () => Promise<void>): void
  form(editing: Editing, close: () => void): ReactNode
  /** A record whose form is open when the page opens. */
  asked?: string
  onAskedClosed?: () => void
  /** Records of one level have an order of their own. */
  ordered?: boolean
  narrow?: boolean
}

/** Records that lie within each other: a tree to look at, to drag and to add to. */
export function TreePage({
  kind,
  object,
  icon,
  root,
  rowOf,
  onMove,
  form,
  asked,
  onAskedClosed,
  ...how
}: Props) {
  const { t } = useTranslation('admin')
  const tree = useTree(object.name, object.title)
  const carryOut = useTreeMove(object.name, titleOf, how.ordered)
  const [editing, setEditing] = useState<Editing & { key: number }>()
  const start = (what: Editing) => setEditing({ ...what, key: Date.now() })
  const records = tree.data ?? []
  const top = branchesOf(records)
  const named = records.find((r) => r.id === asked)
  const open = editing ?? (named && { record: named, key: 0 })
  const close = () => {
    setEditing(undefined)
    if (asked) onAskedClosed?.()
  }
  const add = can(object, 'create') && (
    <Button type="primary" icon={<PlusOutlined aria-hidden />} onClick={() => start({})}>
      {t(`${kind}.add`)}
    </Button>
  )
  return (
    <Page
      title={t(`${kind}.title`)}
      text={tree.data ? t(`${kind}.count`, { count: tree.data.length }) : ''}
      actions={add}
      narrow={how.narrow}
    >
      {tree.isError && !tree.data ? (
        <ErrorState error={tree.error} onRetry={() => void tree.refetch()} />
      ) : tree.isPending ? (
        <ListSkeleton rows={8} columns={how.narrow ? 3 : 4} />
      ) : top.length === 0 ? (
        <EmptyState icon={icon} title={t(`${kind}.none`)} text={t(`${kind}.noneText`)} actions={add} />
      ) : (
        <DragTree
          top={top}
          ordered={how.ordered}
          movable={can(object, 'update')}
          nameOf={titleOf}
          onMove={(move) => onMove(move, () => carryOut(move))}
          root={root(top)}
          rowOf={(branch) =>
            rowOf(branch, { onEdit: (record) => start({ record }), onAdd: (parent) => start({ parent }) })
          }
        />
      )}
      {open && <Keyed key={open.key}>{form(open, close)}</Keyed>}
    </Page>
  )
}

/** Each opening of a form is another form. */
const Keyed = ({ children }: { children: ReactNode }) => children
