import { DownOutlined } from '@ant-design/icons'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { FieldDef, Label, ObjectDef, RecordData } from '@/api/types'
import { useLabel } from '@/ui/useLabel'
import { isWide } from '../model/formFields'
import { InlineEdit } from '../parts/InlineEdit'
import { ArchiveMissing } from './ArchiveMissing'
import s from './detail.module.css'
import { FigureLink } from './FigureLink'

interface Block {
  label: Label | undefined
  fields: FieldDef[]
  columns: number
}

const readable = (f: FieldDef | undefined): f is FieldDef =>
  f !== undefined && f.readable !== false && !f.hidden

/** The definition's sections; custom fields that no section names, and who made the record, come after. */
function blocksOf(object: ObjectDef): { blocks: Block[]; rest: FieldDef[] } {
  const sections = object.layout.detail?.sections ?? []
  const blocks: Block[] = sections
    .map((x) => ({
      label: x.label,
      fields: x.fields.map((n) => object.fields[n]).filter(readable),
      columns: x.columns ?? 2,
    }))
    .filter((b) => b.fields.length > 0)
  const named = new Set(sections.flatMap((x) => x.fields))
  const others = Object.values(object.fields).filter((f) => readable(f) && !named.has(f.name))
  const custom = others.filter((f) => f.custom)
  const rest = others.filter((f) => !f.custom && f.name !== 'id' && f.name !== 'version')
  if (blocks.length === 0) {
    const own = rest.filter((f) => !f.system)
    blocks.push({ label: undefined, fields: [...own, ...custom], columns: 2 })
    return { blocks, rest: rest.filter((f) => f.system) }
  }
  if (custom.length > 0) blocks.push({ label: undefined, fields: custom, columns: 2 })
  return { blocks, rest }
}

/** What is known about a record, to be changed where it is read. */
export function Sections({ object, record }: { object: ObjectDef; record: RecordData }) {
  const { t } = useTranslation('records')
  const label = useLabel()
  const [all, setAll] = useState(false)
  const { blocks, rest } = blocksOf(object)
  return (
    <>
      {blocks.map((block, i) => (
        <section key={block.label ? block.label.zh : `more ${i}`} className={s.section}>
          <h2 className={s.sectionTitle}>{block.label ? label(block.label) : t('detail.moreFields')}</h2>
          <Facts object={object} record={record} fields={block.fields} columns={block.columns} />
        </section>
      ))}
      {rest.length > 0 && (
        <section className={s.section}>
          <button type="button" className={s.fold} aria-expanded={all} onClick={() => setAll(!all)}>
            <DownOutlined className={all ? s.foldOpen : undefined} aria-hidden /> {t('detail.system')}
          </button>
          {all && <Facts object={object} record={record} fields={rest} columns={2} />}
        </section>
      )}
    </>
  )
}

function Facts({
  object,
  record,
  fields,
  columns,
}: {
  object: ObjectDef
  record: RecordData
  fields: FieldDef[]
  columns: number
}) {
  const label = useLabel()
  return (
    <dl className={columns > 1 ? s.facts : s.factsOne}>
      {fields.map((field) => (
        <div key={field.name} className={isWide(field) ? s.factWide : s.fact}>
          <dt className={s.factLabel}>{label(field.label)}</dt>
          <dd className={s.factValue}>
            <InlineEdit object={object} field={field} record={record} />
            {object.name === 'customer' && field.name === 'completeness' && (
              <ArchiveMissing object={object} record={record} />
            )}
            <FigureLink object={object} field={field.name} record={record} />
          </dd>
        </div>
      ))}
    </dl>
  )
}
