import { App, Button, type MenuProps } from 'antd'
import { type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { announce } from '@/api/announce'
import { refreshObject } from '@/api/cache'
import { isApiError } from '@/api/client'
import { useAct } from '@/api/hooks'
import type { ActionDef, FieldDef, ObjectDef, RecordData } from '@/api/types'
import { asRef } from '@/fields'
import { Icon } from '@/ui/Icon'
import { matches } from '@/ui/match'
import { problemText } from '@/ui/states'
import { useLabel } from '@/ui/useLabel'
import { useGo } from '../data/nav'
import { isDocument } from '../model/closed'
import { useNarrow } from '../parts/useNarrow'
import { useLeave } from '../pool/useLeave'
import { ActionDialog, Refusals } from './ActionDialog'

type Item = NonNullable<NonNullable<MenuProps['items']>[number]>

interface Props {
  object: ObjectDef
  record: RecordData
  /** What stands behind the buttons; it is given those that are better kept in a menu. */
  children?(aside: Item[]): ReactNode
}

/** Stands for the kind of record where an input is narrowed by it. */
const ABOUT = '_object'
/** What takes back or ends a document, as opposed to what leads on from it. */
const BACK = ['correct', 'reverse', 'close', 'reopen']
const ONWARD = /^(post|make_(?!return$).*)$/
/** More buttons than this are not read, they are searched. */
const MOST = 3

/** The verbs the catalogue gives this record in its present state; of a document the next step first. */
export function ActionButtons({ object, record, children }: Props) {
  const { t } = useTranslation('records')
  const { t: words } = useTranslation('trade')
  const { modal } = App.useApp()
  const label = useLabel()
  const narrow = useNarrow()
  const act = useAct(object.name)
  const go = useGo()
  const leave = useLeave(object)
  const [asking, setAsking] = useState<ActionDef | null>(null)
  const [errors, setErrors] = useState<Record<string, string>>({})
  const [refusals, setRefusals] = useState<string[]>([])
  const document = isDocument(object)
  // Claiming and assigning stand with the words that the record lies in a pool.
  const beside = object.fields.pool?.to === 'pool' ? ['claim', 'assign'] : []
  const usable = (object.actions ?? []).filter((a) => matches(a.when, record) && !beside.includes(a.name))
  const first = usable[0]
  const primary = document && first && ONWARD.test(first.name) ? first : undefined
  const isAside = (action: ActionDef) =>
    document &&
    children !== undefined &&
    action !== primary &&
    (narrow ? usable.length > MOST - 1 : usable.length > MOST && BACK.includes(action.name))
  const inputs = (action: ActionDef): FieldDef[] =>
    (action.input ?? [])
      .map((i) => (typeof i === 'string' ? object.fields[i] : i))
      .filter((f): f is FieldDef => f !== undefined)
      // Pools hold records of one kind each.
      .map((f) => (f.to === 'pool' && !f.where ? { ...f, where: { object: ABOUT } } : f))

  const refused = (action: ActionDef, e: Error) => {
    const fields = inputs(action)
    const list = isApiError(e) ? (e.problem.errors ?? []) : []
    // What is wrong with the record's lines or its state belongs to no input; it is said all the same, and whole.
    const others = list.filter((x) => !fields.some((f) => f.name === x.field)).map((x) => x.message)
    if (fields.length > 0) {
      setErrors(Object.fromEntries(list.map((x) => [x.field, x.message])))
      setRefusals(list.length > 0 ? others : [problemText(e) || t('form.failed')])
    } else if (others.length > 0) {
      modal.error({
        title: words('act.refused', { action: label(action.label) }),
        content: <Refusals messages={others} />,
      })
    } else if (isApiError(e)) {
      announce({ kind: 'failed', object: object.name, error: e, fields: [] })
    }
  }
  const run = (action: ActionDef, input: Record<string, unknown>) =>
    act.mutate(
      { id: record.id, action: action.name, input, quiet: true },
      {
        onSuccess: (after) => {
          setAsking(null)
          // What was made, or what it has become, is where one goes on.
          const [made] = after?._made ?? []
          const became = action.name === 'convert' ? asRef(after?.converted_customer) : undefined
          if (made) {
            refreshObject(made.object)
            void go.record(made.object, made.id)
          } else if (became) void go.record('customer', became.id)
          else leave(after)
        },
        onError: (e) => refused(action, e),
      },
    )
  const start = (action: ActionDef) => {
    if (act.isPending) return
    setErrors({})
    setRefusals([])
    if (inputs(action).length > 0) setAsking(action)
    else run(action, {})
  }
  const aside = usable.filter(isAside).map(
    (action): Item => ({
      key: action.name,
      icon: <Icon name={action.icon} />,
      label: label(action.label),
      danger: action.name === 'reverse',
      onClick: () => start(action),
    }),
  )

  return (
    <>
      {usable
        .filter((action) => !isAside(action))
        .map((action) => (
          <Button
            key={action.name}
            type={action === primary ? 'primary' : undefined}
            icon={<Icon name={action.icon} />}
            loading={act.isPending && act.variables?.action === action.name}
            onClick={() => start(action)}
          >
            {label(action.label)}
          </Button>
        ))}
      {children?.(aside)}
      <ActionDialog
        action={asking}
        inputs={asking ? inputs(asking) : []}
        record={{ ...record, [ABOUT]: object.name }}
        document={document}
        errors={errors}
        refusals={refusals}
        pending={act.isPending}
        onRun={(values) => asking && !act.isPending && run(asking, values)}
        onClose={() => setAsking(null)}
      />
    </>
  )
}
