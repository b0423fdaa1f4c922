import { DeleteOutlined, PlusOutlined } from '@ant-design/icons'
import { Button } from 'antd'
import { Fragment, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { can, useCatalogue, useViewer } from '@/api/hooks'
import type { FieldDef, ObjectDef } from '@/api/types'
import { Icon } from '@/ui/Icon'
import { today } from '@/ui/time'
import { midSentence, useLabel } from '@/ui/useLabel'
import { defaultsOf, fillable } from '../model/formFields'
import { FormField } from '../parts/FormField'
import s from './form.module.css'
import { isPriced, PriceHint } from './PriceHint'

/** Lines typed so far, by object. */
export type TypedLines = Record<string, Record<string, unknown>[]>

/** Where a form keeps its lines among what is typed, and where the server looks for them. */
export const LINES = '_lines'

interface Props {
  object: ObjectDef
  /** What is typed so far of the record that they belong to. */
  parent: Record<string, unknown>
  value: TypedLines
  onChange(lines: TypedLines): void
  /** By place, as the server names them: `_lines.child.0.field`. */
  errors: Record<string, string>
}

/** The lines that a new record takes along: the products of an opportunity. */
export function LinesEdit({ object, parent, value, onChange, errors }: Props) {
  const { objects } = useCatalogue()
  const kinds = (object.layout.create?.lines ?? []).flatMap((name) => objects[name] ?? [])
  return kinds
    .filter((child) => can(child, 'create'))
    .map((child) => (
      <Kind
        key={child.name}
        child={child}
        parent={parent}
        rows={value[child.name] ?? []}
        errors={errors}
        onChange={(rows) => onChange({ ...value, [child.name]: rows })}
      />
    ))
}

interface KindProps {
  child: ObjectDef
  parent: Record<string, unknown>
  rows: Record<string, unknown>[]
  errors: Record<string, string>
  onChange(rows: Record<string, unknown>[]): void
}

function Kind({ child, parent, rows, errors, onChange }: KindProps) {
  const { t } = useTranslation('sales')
  const label = useLabel()
  const viewer = useViewer()
  // A row that goes must not leave its editors to the next one.
  const [gone, setGone] = useState(0)
  const names = child.layout.create?.fields ?? []
  const fields = names
    .filter((name) => name !== child.parent)
    .map((name) => child.fields[name])
    .filter((f): f is FieldDef => f !== undefined && fillable(f))
  const add = () =>
    onChange([...rows, defaultsOf(child, viewer, { today: today(), instant: new Date().toISOString() })])
  return (
    <section className={s.lines} aria-label={label(child.plural)}>
      <h3 className={s.linesTitle}>
        <Icon name={child.icon} /> {label(child.plural)}
      </h3>
      {rows.map((row, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: lines have no name of their own before they are saved
        <Fragment key={`${gone} ${i}`}>
          <div className={s.lineRow}>
            {fields.map((field, at) => (
              <FormField
                key={field.name}
                field={field}
                value={row[field.name] ?? null}
                record={{ id: '', version: 0, ...row }}
                error={errors[`${LINES}.${child.name}.${i}.${field.name}`]}
                autoFocus={at === 0 && i === rows.length - 1 && row[field.name] === undefined}
                onChange={(v) => onChange(rows.map((r, k) => (k === i ? { ...r, [field.name]: v } : r)))}
              />
            ))}
            <Button
              type="text"
              icon={<DeleteOutlined aria-hidden />}
              className={s.lineRemove}
              aria-label={t('lines.remove', { name: t('lines.nth', { n: i + 1 }) })}
              onClick={() => {
                setGone((n) => n + 1)
                onChange(rows.filter((_, k) => k !== i))
              }}
            />
          </div>
          {isPriced(child) && <PriceHint row={row} parent={parent} />}
        </Fragment>
      ))}
      <Button type="dashed" icon={<PlusOutlined aria-hidden />} onClick={add}>
        {t('lines.add', { object: midSentence(label(child.label)) })}
      </Button>
    </section>
  )
}
