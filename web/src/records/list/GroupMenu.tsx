import { GroupOutlined } from '@ant-design/icons'
import { Button, Dropdown, type MenuProps } from 'antd'
import { useTranslation } from 'react-i18next'
import type { FieldDef, ObjectDef } from '@/api/types'
import { useLabel } from '@/ui/useLabel'
import { parseGroup } from '../model/grouping'
import s from './filter.module.css'

interface Props {
  object: ObjectDef
  group: string | undefined
  onChange(group: string): void
}

const isDate = (f: FieldDef) => f.type === 'date' || f.type === 'datetime'

/** "Group by": any field the server can count by; dates by a period. */
export function GroupMenu({ object, group, onChange }: Props) {
  const { t } = useTranslation('records')
  const label = useLabel()
  const now = group ? object.fields[parseGroup(group).field] : undefined
  const fields = Object.values(object.fields).filter((f) => f.groupable && f.readable !== false && !f.hidden)
  if (fields.length === 0) return null
  const items: MenuProps['items'] = [
    { key: '', label: t('group.off') },
    { type: 'divider' },
    ...fields.map((f) =>
      isDate(f)
        ? {
            key: `${f.name}:`,
            label: label(f.label),
            children: (['day', 'week', 'month', 'quarter', 'year'] as const).map((unit) => ({
              key: `${f.name}:${unit}`,
              label: t(`group.by.${unit}`),
            })),
          }
        : { key: f.name, label: label(f.label) },
    ),
  ]
  return (
    <Dropdown
      trigger={['click']}
      menu={{
        items,
        selectable: true,
        selectedKeys: [group ?? ''],
        style: { maxHeight: '60vh', overflow: 'auto' },
        onClick: ({ key }) => onChange(key),
      }}
    >
      <Button
        size="small"
        type="text"
        icon={<GroupOutlined aria-hidden />}
        className={now ? s.active : undefined}
      >
        {now ? t('group.on', { field: label(now.label) }) : t('group.button')}
      </Button>
    </Dropdown>
  )
}
