import { Button } from 'antd'
import { type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useCatalogue } from '@/api/catalogue'
import type { FieldDef, ObjectDef, RecordData } from '@/api/types'
import type { EditProps, ShowProps } from '@/fields'
import { fieldKinds, kindOf } from '@/fields/registry'
import { now } from '@/ui/time'
import { midSentence, useLabel } from '@/ui/useLabel'
import { useFilterWords } from '../parts/useFilterWords'
import { RepeatEdit } from '../repeat/RepeatEdit'
import { useRuleWords } from '../repeat/useRepeatWords'
import { CriteriaEdit } from './CriteriaEdit'
import { readCriteria } from './criteria'
import css from './criteria.module.css'

/**
 * Texts of rules that hold more than words: a filter on another object in JSON, or values of one of its fields. The catalogue
 * calls them texts, for programs write them so; people build the one and choose the other.
 */
interface Meaning {
  /** The object the rule is about. */
  of: string
  criteria: string
  lasting: true | 'daily'
  /** Where having no condition is a choice: every record. */
  optional?: boolean
  /** Fields that hold values of the field whose name stands in `by`. */
  values?: { by: string; one: string; many: string }
}

const meanings: Record<string, Meaning> = {
  customer_rule: {
    of: 'customer',
    criteria: 'criteria',
    lasting: 'daily',
    values: { by: 'field', one: 'to_value', many: 'from_values' },
  },
  lead_score_rule: { of: 'lead', criteria: 'criteria', lasting: true },
  festival: { of: 'customer', criteria: 'criteria', lasting: 'daily', optional: true },
  lead_assignment: { of: 'lead', criteria: 'criteria', lasting: true, optional: true },
}

/** Where something begins that a rule of RFC 5545 in its field `repeat` repeats. */
const repeated: Record<string, string> = { event: 'starts_at', task: 'due_at' }
const startOf = (object: string | undefined, field: string) =>
  field === 'repeat' ? repeated[object ?? ''] : undefined

/** Most fields mean what their type says. */
export const hasMeaning = (object: string, field: string): boolean => {
  if (startOf(object, field)) return true
  const meaning = meanings[object]
  return [meaning?.criteria, meaning?.values?.one, meaning?.values?.many].includes(field)
}

/** What means nothing any more once this field has another value. */
export const dependents = (object: string, field: string): string[] => {
  const values = meanings[object]?.values
  return values?.by === field ? [values.one, values.many] : []
}

/** The field as it is meant: a text that holds a value of another object's field is a choice of its options. */
export function meant(
  objects: Record<string, ObjectDef>,
  object: string | undefined,
  field: FieldDef,
  record: RecordData | undefined,
): FieldDef {
  const meaning = meanings[object ?? '']
  const { values } = meaning ?? {}
  if (!meaning || !values || (field.name !== values.one && field.name !== values.many)) return field
  const options = objects[meaning.of]?.fields[String(record?.[values.by] ?? '')]?.options
  if (!options) return field
  return { ...field, type: field.name === values.one ? 'choice' : 'multi_choice', options }
}

/** Whose filter a field holds; nothing where it is an ordinary field, or of an object the viewer may not read. */
export function criteriaOf(objects: Record<string, ObjectDef>, object: string | undefined, field: FieldDef) {
  const meaning = meanings[object ?? '']
  const target = meaning?.criteria === field.name ? objects[meaning.of] : undefined
  return meaning && target && { target, lasting: meaning.lasting, optional: meaning.optional === true }
}

/** A value as the rule means it, or as its type says. */
export function MeantShow({ object, ...props }: ShowProps & { object: string }) {
  const { objects } = useCatalogue()
  const start = startOf(object, props.field.name)
  if (start) return <RepeatWords rule={String(props.value)} starts={moment(props.record, start)} />
  const criteria = criteriaOf(objects, object, props.field)
  if (criteria) return <Words object={criteria.target} {...props} />
  const field = meant(objects, object, props.field, props.record)
  const { Show } = kindOf(field)
  return <Show {...props} field={field} />
}

const moment = (record: RecordData | undefined, field: string) =>
  typeof record?.[field] === 'string' ? record[field] : now().toISOString()

const RepeatWords = ({ rule, starts }: { rule: string; starts: string }) => (
  <span title={rule}>{useRuleWords(rule, starts)}</span>
)

function Words({ object, value, compact }: ShowProps & { object: ObjectDef }) {
  const words = useFilterWords(object, readCriteria(value))
  // What cannot be put into words stands as it is.
  const text = words || String(value ?? '')
  return (
    <span className={compact ? css.line : css.words} title={compact ? text : undefined}>
      {text}
    </span>
  )
}

/** Its editor: conditions are built, values are chosen. */
export function MeantEdit({ object, ...props }: EditProps & { object: string }) {
  const { objects } = useCatalogue()
  const start = startOf(object, props.field.name)
  if (start) {
    const rule = typeof props.value === 'string' ? props.value : null
    return (
      <Whole {...props}>
        <RepeatEdit
          id={props.id}
          value={rule}
          starts={moment(props.record, start)}
          onChange={props.onChange}
        />
      </Whole>
    )
  }
  const criteria = criteriaOf(objects, object, props.field)
  if (criteria) return <Criteria {...props} {...criteria} />
  const field = meant(objects, object, props.field, props.record)
  const { Edit } = fieldKinds[field.type]
  return <Edit {...props} field={field} />
}

type CriteriaProps = EditProps & NonNullable<ReturnType<typeof criteriaOf>>

/** What has many parts: leaving one of them is not yet saving the whole. */
function Whole({ onCommit, onCancel, children }: Partial<EditProps> & { children: ReactNode }) {
  const { t } = useTranslation()
  return (
    <div className={onCommit ? css.floating : undefined}>
      {children}
      {onCommit && (
        <div className={css.foot}>
          <Button size="small" onClick={onCancel}>
            {t('action.cancel')}
          </Button>
          <Button size="small" type="primary" onClick={onCommit}>
            {t('action.save')}
          </Button>
        </div>
      )}
    </div>
  )
}

function Criteria({ target, lasting, optional, value, onChange, onCommit, onCancel, id }: CriteriaProps) {
  const { t } = useTranslation('records')
  const label = useLabel()
  // What the editor began with: its own changes come back as `value`.
  const [start] = useState(value)
  return (
    <Whole onCommit={onCommit} onCancel={onCancel}>
      <CriteriaEdit
        bare
        id={id}
        object={target}
        lasting={lasting}
        value={start}
        hint={t(optional ? 'criteria.everyOne' : 'criteria.some', {
          objects: midSentence(label(target.plural)),
        })}
        onChange={(text) => onChange(text || null)}
      />
    </Whole>
  )
}
