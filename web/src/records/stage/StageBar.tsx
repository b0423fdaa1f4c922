import { CheckOutlined } from '@ant-design/icons'
import { type KeyboardEvent, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { announce } from '@/api/announce'
import { isApiError } from '@/api/client'
import { useAggregate, useCatalogue, useRecords } from '@/api/hooks'
import type { FilterExpr, ObjectDef, RecordData } from '@/api/types'
import { asRef } from '@/fields'
import { formatPercent } from '@/ui/number'
import { useLabel } from '@/ui/useLabel'
import { useNow } from '@/ui/useNow'
import { useShortcut } from '@/ui/useShortcut'
import { ListLink } from '../data/nav'
import { mayEdit } from '../parts/InlineEdit'
import { useSave } from '../parts/Saver'
import s from './stage.module.css'
import { missingFor, nextOf, rottenDays, type Staged, stagedOf } from './stages'

/** Where a record stands on its way, what is to be done there, and what is missing for the step after it. */
export function StageBar({ object, record }: { object: ObjectDef; record: RecordData }) {
  const { objects } = useCatalogue()
  const staged = stagedOf(object, objects)
  if (!staged) return null
  return <Bar object={object} record={record} staged={staged} />
}

function Bar({ object, record, staged }: { object: ObjectDef; record: RecordData; staged: Staged }) {
  const { t } = useTranslation('sales')
  const save = useSave()
  useNow()
  const { field, target, own, theirs } = staged
  const way = asRef(record[own ?? ''])
  const query = useRecords(
    target.name,
    { filter: [theirs ?? '', '=', way?.id ?? ''], sort: 'sort_order', limit: 100 },
    { enabled: way !== undefined, keepPrevious: false },
  )
  const stages = query.data?.pages[0]?.items ?? []
  const at = stages.findIndex((x) => x.id === asRef(record[field.name])?.id)
  const stage = stages[at]
  const movable = mayEdit(object, field, record)
  const next = stage && nextOf(stages, stage.id)
  const steps = useRef<HTMLOListElement>(null)
  const button = (i: number) => steps.current?.querySelectorAll('button')[i]
  // The step that comes next is the one that is meant nearly always; Enter takes it.
  useShortcut('s', () => button(next ? stages.indexOf(next) : at)?.focus(), {
    enabled: movable && stage !== undefined,
  })
  if (!stage) return null
  const onKeyDown = (e: KeyboardEvent) => {
    const focused = [...(steps.current?.querySelectorAll('button') ?? [])].indexOf(
      e.target as HTMLButtonElement,
    )
    const by = { ArrowLeft: -1, ArrowRight: 1 }[e.key]
    if (by) button(focused + by)?.focus()
    else if (e.key === 'Escape') (e.target as HTMLElement).blur()
    else return
    e.preventDefault()
  }
  const rotten = rottenDays(record, stage, Date.now())
  const move = (to: RecordData) => {
    if (to.id === stage.id) return
    save(record, { [field.name]: { id: to.id, title: String(to[target.title] ?? '') } }).catch((e) => {
      if (!isApiError(e)) throw e
      announce({ kind: 'failed', object: object.name, error: e, fields: [field.name] })
    })
  }
  return (
    <section className={s.bar} aria-label={t('bar.name')}>
      <ol className={s.steps} ref={steps} onKeyDown={onKeyDown}>
        {stages.map((x, i) => {
          const title = String(x[target.title] ?? '')
          const passed = i < at && x.kind === 'open'
          const look = i === at ? s[String(stage.kind)] : passed ? s.passed : ''
          return (
            <li key={x.id} className={`${s.step} ${look}`}>
              <button
                type="button"
                disabled={!movable}
                aria-current={i === at ? 'step' : undefined}
                aria-keyshortcuts={x.id === next?.id ? 's' : undefined}
                title={t('bar.chance', { chance: formatPercent(x.probability) })}
                onClick={() => move(x)}
              >
                {passed && <CheckOutlined aria-hidden />}
                {title}
              </button>
            </li>
          )
        })}
      </ol>
      {(rotten !== undefined || stage.guidance || next) && (
        <div className={s.notes}>
          {rotten !== undefined && <span className={s.rotten}>{t('rotting', { count: rotten })}</span>}
          {typeof stage.guidance === 'string' && <span className={s.guidance}>{stage.guidance}</span>}
          {next && <Missing object={object} record={record} next={next} title={String(next[target.title])} />}
        </div>
      )}
    </section>
  )
}

function Missing({
  object,
  record,
  next,
  title,
}: {
  object: ObjectDef
  record: RecordData
  next: RecordData
  title: string
}) {
  const { t } = useTranslation('sales')
  const label = useLabel()
  const { objects } = useCatalogue()
  const fields = missingFor(object, next, record)
  const asks = next.tasks_done === true && objects.task?.fields[object.name] !== undefined
  const filter: FilterExpr = {
    and: [
      [object.name, '=', record.id],
      ['status', '=', 'open'],
    ],
  }
  const tasks = useAggregate('task', { measures: [{ fn: 'count' }], filter }, { enabled: asks })
  const left = asks ? Number(tasks.data?.[0]?.count ?? 0) : 0
  const decides =
    next.decider_named === true && objects.opportunity_contact?.fields[object.name] !== undefined
  const named = useAggregate(
    'opportunity_contact',
    {
      measures: [{ fn: 'count' }],
      filter: {
        and: [
          [object.name, '=', record.id],
          ['role', '=', 'decider'],
        ],
      },
    },
    { enabled: decides },
  )
  const nobody = decides && named.data !== undefined && Number(named.data[0]?.count ?? 0) === 0
  if (fields.length === 0 && left === 0 && !nobody) {
    const conditions = (next.required_fields as unknown[] | null)?.length || asks || decides
    return conditions ? <span className={s.ready}>{t('bar.ready', { stage: title })}</span> : null
  }
  return (
    <span className={s.missing}>
      {t('bar.missing', { stage: title })}
      {fields.map((f) => (
        <span key={f.name} className={s.chip}>
          {label(f.label)}
        </span>
      ))}
      {left > 0 && (
        <ListLink object="task" search={{ filter }} className={s.chip}>
          {t('bar.tasks', { count: left })}
        </ListLink>
      )}
      {nobody && <span className={s.chip}>{t('bar.decider')}</span>}
    </span>
  )
}
