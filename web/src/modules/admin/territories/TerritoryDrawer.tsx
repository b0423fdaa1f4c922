import { Form } from 'antd'
import { useTranslation } from 'react-i18next'
import { can, useObject } from '@/api/catalogue'
import { keys, queryClient } from '@/api/queryClient'
import type { ObjectDef, RecordData } from '@/api/types'
import { kindOf } from '@/fields'
import { MatchCount } from '@/records/criteria/MatchCount'
import { useDraft } from '@/ui/useDraft'
import { useLabel } from '@/ui/useLabel'
import { Dash } from '@/ui/values'
import { EditDrawer } from '../edit/EditDrawer'
import { useRecordEdit } from '../edit/useRecordEdit'
import { FieldRows } from '../FieldRows'
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
  const customer = useObject('customer')
  const draft = useDraft<Record<string, unknown>>(
    `${object.name}:${territory?.id ?? `below:${parent?.id ?? ''}`}`,
    {},
  )
  const may = can(object, territory ? 'update' : 'create')
  const edit = useRecordEdit({
    object,
    names,
    record: territory,
    start: {
      level: 'read',
      active: true,
      parent: parent ? { id: parent.id, title: String(parent.name ?? '') } : null,
    },
    typed: draft,
    onSaved: () => {
      void queryClient.invalidateQueries({ queryKey: keys.tree(object.name) })
      onClose()
    },
  })
  const filter = ownCustomers(edit.values)
  const name = String(territory?.name ?? '')
  return (
    <EditDrawer
      size="min(560px, 100vw)"
      title={!territory ? t('territories.add') : may ? t('territories.editTitle', { name }) : name}
      edit={edit}
      draft={draft}
      may={may}
      onClose={onClose}
    >
      {territory && !may ? (
        <Facts object={object} territory={territory} />
      ) : (
        <Form layout="vertical" component={false}>
          <FieldRows
            object={object}
            names={names.slice(0, 4)}
            {...edit.rows}
            calm={territory !== undefined}
          />
          {customer && filter && (
            <div className={css.count}>
              <MatchCount object={customer} filter={JSON.stringify(filter)} />
            </div>
          )}
          <FieldRows object={object} names={names.slice(4)} {...edit.rows} calm />
        </Form>
      )}
    </EditDrawer>
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
