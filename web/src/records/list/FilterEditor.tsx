import { PlusOutlined } from '@ant-design/icons'
import { Button, Segmented } from 'antd'
import { useTranslation } from 'react-i18next'
import type { ObjectDef } from '@/api/types'
import { Lasting } from '@/fields'
import {
  addTo,
  countConditions,
  emptyGroup,
  type FilterNode,
  type Group,
  isGroup,
  MAX_CONDITIONS,
  MAX_DEPTH,
  newKey,
  replaceNode,
  usualOperator,
} from '../model/filter'
import { FilterRow } from './FilterRow'
import s from './filter.module.css'

interface Props {
  object: ObjectDef
  root: Group
  onChange(root: Group): void
  /** For conditions that hold for everybody at any time: the object's own fields, no “me”, no “last week”. */
  lasting?: boolean | 'daily'
  /** Said while there is no condition. */
  hint?: string
}

/** Conditions joined by "and" or "or", with groups inside groups. */
export function FilterEditor({ object, root, onChange, lasting = false, hint }: Props) {
  const { t } = useTranslation('records')
  const first =
    Object.values(object.fields).find((f) => f.name === object.title) ?? Object.values(object.fields)[0]
  const blank = () => ({ key: newKey(), field: first?.name ?? '', op: usualOperator(first) })
  const full = countConditions(root) >= MAX_CONDITIONS

  const draw = (node: FilterNode, depth: number) =>
    isGroup(node) ? (
      <fieldset key={node.key} className={depth === 0 ? s.root : s.group}>
        <legend className="gx-visually-hidden">{t('filter.group')}</legend>
        {node.items.length > 1 && (
          <div className={s.join}>
            <Segmented
              size="small"
              value={node.join}
              aria-label={t('filter.join')}
              options={[
                { value: 'and', label: t('filter.all') },
                { value: 'or', label: t('filter.any') },
              ]}
              onChange={(join) =>
                onChange(replaceNode(root, node.key, { ...node, join: join as 'and' | 'or' }))
              }
            />
          </div>
        )}
        {node.items.map((item) => draw(item, depth + 1))}
        <div className={s.adders}>
          <Button
            type="text"
            size="small"
            icon={<PlusOutlined aria-hidden />}
            disabled={full}
            onClick={() => onChange(addTo(root, node.key, blank()))}
          >
            {t('filter.add')}
          </Button>
          {depth < MAX_DEPTH - 1 && (
            <Button
              type="text"
              size="small"
              icon={<PlusOutlined aria-hidden />}
              disabled={full}
              onClick={() =>
                onChange(
                  addTo(root, node.key, emptyGroup(node.join === 'and' ? 'or' : 'and', [blank(), blank()])),
                )
              }
            >
              {t('filter.addGroup')}
            </Button>
          )}
          {depth > 0 && (
            <Button type="text" size="small" onClick={() => onChange(replaceNode(root, node.key, null))}>
              {t('filter.removeGroup')}
            </Button>
          )}
        </div>
      </fieldset>
    ) : (
      <FilterRow
        key={node.key}
        object={object}
        condition={node}
        onChange={(next) => onChange(replaceNode(root, node.key, next))}
        onRemove={() => onChange(replaceNode(root, node.key, null))}
      />
    )

  return (
    <div className={s.editor}>
      {root.items.length === 0 && <p className={s.hint}>{hint ?? t('filter.hint')}</p>}
      <Lasting value={lasting}>{draw(root, 0)}</Lasting>
    </div>
  )
}
