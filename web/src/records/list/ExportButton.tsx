import { Radio } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useStartExport } from '@/api/hooks'
import type { FieldDef, FilterExpr, ObjectDef } from '@/api/types'
import { formatNumber } from '@/ui/number'
import { ExportPopover } from '../parts/ExportPopover'
import s from './list.module.css'

interface Props {
  object: ObjectDef
  columns: FieldDef[]
  filter: FilterExpr | undefined
  sort: string
  /** Known count, for the progress bar. */
  total: number | undefined
}

/** Exports what the list shows, or all fields of it. */
export function ExportButton({ object, columns, filter, sort, total }: Props) {
  const { t } = useTranslation('records')
  const [scope, setScope] = useState<'columns' | 'all'>('columns')
  const start = useStartExport()
  return (
    <ExportPopover
      start={start}
      total={total}
      button={{ size: 'small', type: 'text' }}
      onStart={(format) =>
        start.mutate({
          object: object.name,
          format,
          sort,
          filter,
          fields: scope === 'columns' ? columns.map((c) => c.name) : undefined,
        })
      }
    >
      <Radio.Group
        value={scope}
        onChange={(e) => setScope(e.target.value)}
        options={[
          { value: 'columns', label: t('export.columns') },
          { value: 'all', label: t('export.allFields') },
        ]}
      />
      <span className={s.muted}>
        {total === undefined
          ? t('export.scope')
          : t('export.scopeCount', { count: total, shown: formatNumber(total) })}
      </span>
    </ExportPopover>
  )
}
