import { TreeSelect } from 'antd'
import { useTranslation } from 'react-i18next'
import { useObject } from '@/api/catalogue'
import { useTree } from '@/api/records'
import type { RecordData, Ref } from '@/api/types'
import { matchesText } from '@/ui/pinyin'
import { useFieldWord } from '@/ui/useLabel'
import type { EditProps } from '../types'
import { selfWords, targetOf } from './candidates'
import { useLasting } from './lasting'
import { asRef, asRefs } from './values'

export interface TreeNode {
  value: string
  title: string
  children: TreeNode[]
}

/** Records with `parent` as a tree. One whose parent the viewer may not see stands at the top. */
export function treeOf(records: RecordData[], title: string): TreeNode[] {
  const nodes = new Map<string, TreeNode>(
    records.map((r) => [r.id, { value: r.id, title: String(r[title] ?? ''), children: [] }]),
  )
  const roots: TreeNode[] = []
  for (const r of records) {
    const node = nodes.get(r.id)
    const parent = nodes.get(asRef(r.parent)?.id ?? '')
    if (node) (parent && parent !== node ? parent.children : roots).push(node)
  }
  return roots
}

function useNodes(field: EditProps['field']) {
  const target = targetOf(field)
  const title = useObject(target)?.title ?? 'name'
  const { data = [], isPending } = useTree(target, title)
  return {
    nodes: treeOf(data, title),
    titles: new Map(data.map((r) => [r.id, String(r[title] ?? '')])),
    isPending,
  }
}

function usePicker(props: EditProps) {
  const { t } = useTranslation('fields')
  const { id, autoFocus, disabled, status, onCommit, onCancel } = props
  const name = useFieldWord(props.field)
  return {
    id,
    autoFocus,
    disabled,
    status,
    onBlur: onCommit,
    onKeyDown: (e: React.KeyboardEvent) => {
      if (e.key === 'Escape') onCancel?.()
    },
    defaultOpen: autoFocus && onCommit !== undefined,
    showSearch: {
      filterTreeNode: (q: string, node: { title?: unknown }) => matchesText(q, String(node.title)),
    },
    treeDefaultExpandAll: true,
    treeLine: true,
    popupMatchSelectWidth: false,
    // Where the label stands above, it need not be said again.
    placeholder: id ? t('pick') : t('choose', { field: name }),
    'aria-label': id ? undefined : t('choose', { field: name }),
    style: { width: '100%', minWidth: 140 },
  }
}

export function TreeEdit(props: EditProps & { first?: Ref[] }) {
  const { field, value, onChange, onCommit, first = [] } = props
  const { t } = useTranslation('fields')
  const { nodes, titles } = useNodes(field)
  const ref = asRef(value)
  const extra = first.map((f) => ({ value: f.id, title: f.title ?? '', children: [] as TreeNode[] }))
  const unknown = ref && !titles.has(ref.id) && !first.some((f) => f.id === ref.id)
  const data = [
    ...extra,
    ...(unknown ? [{ value: ref.id, title: ref.title ?? t('noTitle'), children: [] as TreeNode[] }] : []),
    ...nodes,
  ]
  return (
    <TreeSelect<string>
      {...usePicker(props)}
      treeData={data}
      value={ref?.id}
      allowClear={!field.required}
      onChange={(v) => {
        onChange(v ? { id: v, title: titles.get(v) ?? null } : null)
        onCommit?.()
      }}
    />
  )
}

/** In filters bare ids are kept, and a department can be "mine". */
export function TreeFilterOne(props: EditProps) {
  const { t } = useTranslation('fields')
  const lasting = useLasting()
  const first =
    targetOf(props.field) === 'department' && !lasting
      ? [{ id: selfWords.department, title: t('filter.myDepartment') }]
      : []
  return (
    <TreeEdit
      {...props}
      field={{ ...props.field, required: false }}
      first={first}
      onChange={(v) => props.onChange(asRef(v)?.id ?? null)}
    />
  )
}

export function TreeFilterMany(props: EditProps) {
  const { nodes } = useNodes(props.field)
  return (
    <TreeSelect<string[]>
      {...usePicker(props)}
      multiple
      treeData={nodes}
      value={asRefs(props.value).map((r) => r.id)}
      maxTagCount="responsive"
      onChange={(v) => props.onChange(v)}
    />
  )
}
