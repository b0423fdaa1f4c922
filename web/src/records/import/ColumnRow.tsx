import { ArrowRightOutlined, DeleteOutlined, PlusOutlined, SettingOutlined } from '@ant-design/icons'
import { Button, Checkbox, Input, Popover, Select } from 'antd'
import { useTranslation } from 'react-i18next'
import { useCatalogue } from '@/api/hooks'
import type { FieldDef, ObjectDef } from '@/api/types'
import { matchesText } from '@/ui/pinyin'
import { midSentence, useLabel } from '@/ui/useLabel'
import { type ColumnPlan, isDate, isLink, isNumber } from '../model/importMapping'
import s from './import.module.css'

interface Props {
  object: ObjectDef
  column: ColumnPlan
  fields: FieldDef[]
  taken: ReadonlySet<string | null>
  onChange(next: ColumnPlan): void
}

/** One column of the file: its samples, the field it fills, and how its texts are read. */
export function ColumnRow({ object, column, fields, taken, onChange }: Props) {
  const { t } = useTranslation('records')
  const label = useLabel()
  const field = column.field ? object.fields[column.field] : undefined
  const notes = [
    column.replace.length > 0 && t('import.note.replace', { count: column.replace.length }),
    field && isLink(field) && column.create && t('import.note.create'),
    column.empty === 'keep' && t('import.note.keep'),
    field && isNumber(field) && column.scale && t('import.note.scale', { scale: column.scale }),
    field && isDate(field) && column.format,
  ].filter(Boolean)
  return (
    <tr className={field ? undefined : s.leftOut}>
      <th scope="row">{column.name}</th>
      <td className={s.samples}>
        {column.samples.filter(Boolean).slice(0, 3).join(' · ') || t('import.noSamples')}
      </td>
      <td>
        <Select
          className={s.select}
          showSearch={{
            filterOption: (input, option) => {
              const f = object.fields[String(option?.value ?? '')]
              return f ? matchesText(input, f.label.zh, f.label.en, f.name) : false
            },
          }}
          allowClear
          value={column.field ?? undefined}
          placeholder={t('import.leaveOut')}
          aria-label={t('import.fieldFor', { column: column.name })}
          popupMatchSelectWidth={false}
          options={fields.map((f) => ({
            value: f.name,
            label: `${label(f.label)}${f.required ? ' *' : ''}${taken.has(f.name) && f.name !== column.field ? ` (${t('import.taken')})` : ''}`,
          }))}
          onChange={(name?: string) => onChange({ ...column, field: name ?? null, match: '', create: false })}
        />
      </td>
      <td>
        {field && (
          <Popover
            trigger="click"
            placement="bottomRight"
            arrow={false}
            destroyOnHidden
            content={<Reading field={field} column={column} onChange={onChange} />}
          >
            <Button
              type="text"
              size="small"
              icon={<SettingOutlined aria-hidden />}
              aria-label={t('import.howFor', { column: column.name })}
            >
              {notes.join(' · ') || t('import.asIs')}
            </Button>
          </Popover>
        )}
      </td>
    </tr>
  )
}

function Reading({
  field,
  column,
  onChange,
}: {
  field: FieldDef
  column: ColumnPlan
  onChange(next: ColumnPlan): void
}) {
  const { t } = useTranslation('records')
  const label = useLabel()
  const { objects } = useCatalogue()
  const target = isLink(field) && field.to ? objects[field.to] : undefined
  const put = (change: Partial<ColumnPlan>) => onChange({ ...column, ...change })
  const pair = (i: number, change: Partial<{ from: string; to: string }>) =>
    put({ replace: column.replace.map((r, j) => (j === i ? { ...r, ...change } : r)) })
  return (
    <div className={s.reading}>
      {target && (
        <>
          <div className={s.readingLine}>
            <span>{t('import.match', { object: midSentence(label(target.label)) })}</span>
            <Select
              aria-label={t('import.match', { object: midSentence(label(target.label)) })}
              value={column.match || target.title}
              popupMatchSelectWidth={false}
              onChange={(match: string) => put({ match: match === target.title ? '' : match })}
              options={Object.values(target.fields)
                .filter(
                  (f) =>
                    ['text', 'auto_number', 'email', 'phone'].includes(f.type) &&
                    f.readable !== false &&
                    f.name !== 'id',
                )
                .map((f) => ({ value: f.name, label: label(f.label) }))}
            />
          </div>
          <Checkbox checked={column.create} onChange={(e) => put({ create: e.target.checked })}>
            {t('import.createMissing', { object: midSentence(label(target.label)) })}
          </Checkbox>
        </>
      )}
      {isDate(field) && (
        <div className={s.readingLine}>
          <span>{t('import.format')}</span>
          <Input
            aria-label={t('import.format')}
            value={column.format}
            placeholder="%Y-%m-%d"
            onChange={(e) => put({ format: e.target.value })}
          />
        </div>
      )}
      {isNumber(field) && (
        <div className={s.readingLine}>
          <span>{t('import.scale')}</span>
          <Input
            aria-label={t('import.scale')}
            value={column.scale}
            inputMode="decimal"
            placeholder="1"
            onChange={(e) => put({ scale: e.target.value })}
          />
        </div>
      )}
      <Checkbox
        checked={column.empty === 'keep'}
        onChange={(e) => put({ empty: e.target.checked ? 'keep' : 'clear' })}
      >
        {t('import.keepEmpty')}
      </Checkbox>
      <div className={s.pairs}>
        <span className={s.quiet}>{t('import.replace')}</span>
        {column.replace.map((r, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: pairs are told apart by their place only
          <div key={i} className={s.pair}>
            <Input
              value={r.from}
              aria-label={t('import.from')}
              placeholder={t('import.from')}
              onChange={(e) => pair(i, { from: e.target.value })}
            />
            <ArrowRightOutlined aria-hidden />
            {field.options ? (
              <Select
                value={r.to || undefined}
                aria-label={t('import.to')}
                placeholder={t('import.to')}
                options={field.options.map((o) => ({ value: o.value, label: label(o.label) }))}
                onChange={(to: string) => pair(i, { to })}
              />
            ) : (
              <Input
                value={r.to}
                aria-label={t('import.to')}
                placeholder={t('import.to')}
                onChange={(e) => pair(i, { to: e.target.value })}
              />
            )}
            <Button
              type="text"
              icon={<DeleteOutlined aria-hidden />}
              aria-label={t('import.removePair')}
              onClick={() => put({ replace: column.replace.filter((_, j) => j !== i) })}
            />
          </div>
        ))}
        <Button
          type="text"
          size="small"
          icon={<PlusOutlined aria-hidden />}
          onClick={() => {
            const known = new Set(column.replace.map((r) => r.from))
            const from = column.samples.find((x) => x && !known.has(x)) ?? ''
            put({ replace: [...column.replace, { from, to: '' }] })
          }}
        >
          {t('import.addPair')}
        </Button>
      </div>
    </div>
  )
}
