import { Alert, Button, Drawer, Form } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { can, useObject } from '@/api/catalogue'
import { type ApiError, isApiError, randomKey } from '@/api/client'
import { useCreate, useUpdate } from '@/api/mutations'
import { keys, queryClient } from '@/api/queryClient'
import type { ObjectDef, RecordData } from '@/api/types'
import { kindOf } from '@/fields'
import { problemText } from '@/ui/states'
import { useDraft } from '@/ui/useDraft'
import { useLabel } from '@/ui/useLabel'
import { Dash } from '@/ui/values'
import { FieldRows, missingOf } from '../FieldRows'
import { MatchCount } from '../sharing/MatchCount'
import css from '../sharing/sharing.module.css'
import { ownCustomers } from './customers'

interface Props {
  object: ObjectDef
  territory?: RecordData
  parent?: RecordData
  onClose(): void
}

const names = ['name', 'parent', 'region', 'industries', 'members', 'level', 'active']

/** A territory: its place, what it covers, who works it. Who may not change it reads it. */
export function TerritoryDrawer({ object, territory, parent, onClose }: Props) {
  const { t } = useTranslation('admin')
  const { t: app } = useTranslation()
  const customer = useObject('customer')
  const create = useCreate(object.name)
  const update = useUpdate(object.name)
  const draft = useDraft<Record<string, unknown>>(
    `${object.name}:${territory?.id ?? `below:${parent?.id ?? ''}`}`,
    {},
  )
  const [missing, setMissing] = useState<string[]>([])
  const [error, setError] = useState<ApiError | null>(null)
  const [key, setKey] = useState(randomKey)
  const may = can(object, territory ? 'update' : 'create')
  const values: Record<string, unknown> = {
    ...(territory ?? {
      level: 'read',
      active: true,
      parent: parent ? { id: parent.id, title: String(parent.name ?? '') } : null,
    }),
    ...draft.value,
  }
  const filter = ownCustomers(values)

  const save = async () => {
    const empty = missingOf(object, names, values)
    setMissing(empty)
    setError(null)
    if (empty.length > 0) return
    const chosen = Object.fromEntries(names.filter((n) => n in values).map((n) => [n, values[n]]))
    try {
      if (territory) await update.mutateAsync({ record: territory, values: chosen, quiet: true })
      else await create.mutateAsync({ values: chosen, idempotencyKey: key })
      void queryClient.invalidateQueries({ queryKey: keys.tree(object.name) })
      draft.clear()
      onClose()
    } catch (e) {
      if (!isApiError(e)) throw e
      setError(e)
      if (e.code !== 'offline') setKey(randomKey())
    }
  }

  const named = error?.problem.errors?.every((e) => names.includes(e.field))
  return (
    <Drawer
      open
      size="min(560px, 100vw)"
      title={
        !territory
          ? t('territories.add')
          : may
            ? t('territories.editTitle', { name: String(territory.name ?? '') })
            : String(territory.name ?? '')
      }
      onClose={onClose}
      footer={
        may && (
          <div className={css.foot}>
            <Button onClick={onClose}>{app('action.cancel')}</Button>
            <Button type="primary" loading={create.isPending || update.isPending} onClick={() => void save()}>
              {app('action.save')}
            </Button>
          </div>
        )
      }
    >
      {draft.restoredAt && (
        <Alert
          type="info"
          showIcon
          className={css.note}
          title={t('draft.restored')}
          action={
            <Button size="small" type="text" onClick={draft.clear}>
              {t('draft.discard')}
            </Button>
          }
        />
      )}
      {error && !named && (
        <Alert
          type="error"
          showIcon
          role="alert"
          className={css.note}
          title={problemText(error) || app('state.failedText')}
        />
      )}
      {territory && !may ? (
        <Facts object={object} territory={territory} />
      ) : (
        <Form layout="vertical" component={false}>
          <FieldRows
            object={object}
            names={names.slice(0, 4)}
            values={values}
            onChange={(name, v) => draft.set((old) => ({ ...old, [name]: v }))}
            error={error}
            missing={missing}
            calm={territory !== undefined}
          />
          {customer && filter && (
            <div className={css.count}>
              <MatchCount object={customer} filter={JSON.stringify(filter)} />
            </div>
          )}
          <FieldRows
            object={object}
            names={names.slice(4)}
            values={values}
            onChange={(name, v) => draft.set((old) => ({ ...old, [name]: v }))}
            error={error}
            missing={missing}
            calm
          />
        </Form>
      )}
    </Drawer>
  )
}

/** For those who read it only: administrators say who works what. */
function Facts({ object, territory }: { object: ObjectDef; territory: RecordData }) {
  const label = useLabel()
  return (
    <dl className={css.facts}>
      {names.map((name) => {
        const field = object.fields[name]
        if (!field || field.readable === false) return null
        const { Show, isEmpty } = kindOf(field)
        return (
          <div key={name}>
            <dt>{label(field.label)}</dt>
            <dd>
              {isEmpty(territory[name]) ? (
                <Dash />
              ) : (
                <Show field={field} value={territory[name]} record={territory} />
              )}
            </dd>
          </div>
        )
      })}
    </dl>
  )
}
