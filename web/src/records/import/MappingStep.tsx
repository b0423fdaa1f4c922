import { Alert, Button, Radio, Select } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useStartImport } from '@/api/hooks'
import type { ImportInfo, ObjectDef } from '@/api/types'
import { problemText } from '@/ui/states'
import { useLabel } from '@/ui/useLabel'
import { type ColumnPlan, faultsOf, importable, mappingOf, planOf } from '../model/importMapping'
import { ColumnRow } from './ColumnRow'
import s from './import.module.css'

interface Props {
  object: ObjectDef
  info: ImportInfo
  onStarted(): void
  onOther(): void
}

/** Which column becomes which field, and what a row does with a record that is there already. */
export function MappingStep({ object, info, onStarted, onOther }: Props) {
  const { t } = useTranslation('records')
  const label = useLabel()
  const start = useStartImport()
  const [plan, setPlan] = useState(() => planOf(info))
  const fields = importable(object)
  const taken = new Set(plan.columns.map((c) => c.field).filter(Boolean))
  const faults = faultsOf(object, plan)
  const names = (list: string[]) => list.map((n) => label(object.fields[n]?.label, n)).join(t('words.comma'))
  const change = (index: number, next: ColumnPlan) =>
    setPlan((old) => ({
      ...old,
      columns: old.columns.map((c, i) =>
        // A field chosen for one column leaves the other that had it.
        i === index ? next : next.field !== null && c.field === next.field ? { ...c, field: null } : c,
      ),
    }))
  const go = (dryRun: boolean) =>
    start.mutate({ id: info.id, mapping: mappingOf(object, plan), dry_run: dryRun }, { onSuccess: onStarted })

  return (
    <section className={s.section}>
      <div className={s.options}>
        <Radio.Group
          value={plan.mode}
          onChange={(e) => setPlan({ ...plan, mode: e.target.value })}
          aria-label={t('import.mode.name')}
          options={(['create', 'upsert', 'update'] as const).map((value) => ({
            value,
            label: t(`import.mode.${value}`),
          }))}
        />
        {plan.mode !== 'create' && (
          <div className={s.key}>
            <span>{t('import.key')}</span>
            <Select
              mode="multiple"
              aria-label={t('import.key')}
              value={plan.key}
              onChange={(key: string[]) => setPlan({ ...plan, key })}
              options={fields
                .filter((f) => taken.has(f.name))
                .map((f) => ({ value: f.name, label: label(f.label) }))}
              placeholder={t('import.keyHint')}
              style={{ minWidth: 220 }}
            />
          </div>
        )}
      </div>
      <p className={s.quiet}>
        {t('import.mappingText', { file: info.file_name, count: info.columns.length })}
      </p>
      <div className={s.scroll}>
        <table className={`${s.table} ${s.mapping}`}>
          <thead>
            <tr>
              <th scope="col">{t('import.column')}</th>
              <th scope="col">{t('import.samples')}</th>
              <th scope="col">{t('import.field')}</th>
              <th scope="col">{t('import.how')}</th>
            </tr>
          </thead>
          <tbody>
            {plan.columns.map((column, i) => (
              <ColumnRow
                key={column.name}
                object={object}
                column={column}
                fields={fields}
                taken={taken}
                onChange={(next) => change(i, next)}
              />
            ))}
          </tbody>
        </table>
      </div>
      {faults.map(({ fault, fields: about }) => (
        <Alert
          key={fault}
          type={fault === 'missing' ? 'warning' : 'error'}
          showIcon
          title={t(`import.fault.${fault}`, { fields: names(about) })}
        />
      ))}
      {start.isError && (
        <Alert type="error" showIcon title={problemText(start.error) || t('import.failed')} />
      )}
      <div className={s.foot}>
        <Button onClick={onOther}>{t('import.other')}</Button>
        <span className={s.grow} />
        <Button
          disabled={faults.some((f) => f.fault !== 'missing')}
          loading={start.isPending}
          onClick={() => go(false)}
        >
          {t('import.startNow')}
        </Button>
        <Button
          type="primary"
          disabled={faults.some((f) => f.fault !== 'missing')}
          loading={start.isPending}
          onClick={() => go(true)}
        >
          {t('import.tryFirst')}
        </Button>
      </div>
    </section>
  )
}
