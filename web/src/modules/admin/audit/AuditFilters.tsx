import { Button, DatePicker, Segmented, Select } from 'antd'
import dayjs from 'dayjs'
import { useTranslation } from 'react-i18next'
import type { AuditFilter } from '@/api/audit'
import { useCatalogue } from '@/api/catalogue'
import { asRef, kindOf } from '@/fields'
import { SettledInput } from '@/ui/SettledInput'
import { useLabel } from '@/ui/useLabel'
import css from './audit.module.css'

const kinds = ['create', 'update', 'delete', 'restore', 'purge'] as const
const doors = ['page', 'api', 'calendar', 'import', 'rule', 'system'] as const

interface Props {
  filter: AuditFilter
  onChange(filter: AuditFilter): void
}

export function AuditFilters({ filter, onChange }: Props) {
  const { t } = useTranslation('admin')
  const { t: words } = useTranslation('records')
  const label = useLabel()
  const { objects } = useCatalogue()
  const object = filter.object ? objects[filter.object] : undefined
  const user = objects.access_event?.fields.actor
  const UserPick = user && kindOf(user).Filter
  const set = (part: AuditFilter) => onChange({ ...filter, ...part })
  const day = (text: string | undefined) => (text ? dayjs(text) : null)
  return (
    <div className={css.filters}>
      <Segmented
        aria-label={t('audit.only')}
        value={filter.only ?? 'all'}
        onChange={(v) =>
          set({
            only: v === 'permissions' ? v : undefined,
            object: undefined,
            field: undefined,
            record: undefined,
          })
        }
        options={[
          { value: 'all', label: t('audit.all') },
          { value: 'permissions', label: t('audit.permissions') },
        ]}
      />
      <DatePicker.RangePicker
        className={css.days}
        aria-label={t('audit.period')}
        placeholder={[t('audit.from'), t('audit.to')]}
        allowEmpty={[true, true]}
        value={[day(filter.from), day(filter.to)]}
        onChange={(days) =>
          set({ from: days?.[0]?.format('YYYY-MM-DD'), to: days?.[1]?.format('YYYY-MM-DD') })
        }
      />
      {UserPick && (
        <div className={css.pick}>
          <UserPick
            field={user}
            op="="
            value={filter.user ?? null}
            onChange={(v) =>
              set({ user: asRef(v)?.id ?? (typeof v === 'string' && v !== '' ? v : undefined) })
            }
          />
        </div>
      )}
      {filter.only === undefined && (
        <Select
          className={css.pick}
          aria-label={t('audit.object')}
          placeholder={t('audit.object')}
          allowClear
          showSearch
          optionFilterProp="label"
          value={filter.object}
          onChange={(name?: string) => set({ object: name, field: undefined, record: undefined })}
          options={Object.values(objects).map((o) => ({ value: o.name, label: label(o.label) }))}
        />
      )}
      {object && (
        <Select
          className={css.pick}
          aria-label={t('audit.field')}
          placeholder={t('audit.field')}
          allowClear
          showSearch
          optionFilterProp="label"
          value={filter.field}
          onChange={(name?: string) => set({ field: name })}
          options={Object.values(object.fields).map((f) => ({ value: f.name, label: label(f.label) }))}
        />
      )}
      <Select
        className={css.narrow}
        aria-label={t('audit.kind')}
        placeholder={t('audit.kind')}
        allowClear
        value={filter.kind}
        onChange={(kind?: string) => set({ kind })}
        options={kinds.map((k) => ({ value: k, label: words(`history.kind.${k}`) }))}
      />
      <Select
        className={css.narrow}
        aria-label={t('audit.via')}
        placeholder={t('audit.via')}
        allowClear
        value={filter.via}
        onChange={(via?: string) => set({ via })}
        options={doors.map((d) => ({ value: d, label: words(`history.via.${d}`) }))}
      />
      <SettledInput
        className={css.pick}
        value={filter.address ?? ''}
        onChange={(address) => set({ address: address.trim() || undefined })}
        allowClear
        placeholder={t('audit.address')}
        aria-label={t('audit.address')}
      />
      {filter.record && <Button onClick={() => set({ record: undefined })}>{t('audit.allRecords')}</Button>}
    </div>
  )
}
