import { lazy, Suspense, useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { can, mayImport, useObject } from '@/api/hooks'
import type { ObjectDef } from '@/api/types'
import { useCreateRecord } from '@/ui/create'
import { ListSkeleton } from '@/ui/Skeletons'
import { NoPermission } from '@/ui/states'
import { useLabel } from '@/ui/useLabel'
import { useGo } from '../data/nav'
import { useListState, useObjectName } from '../data/useListState'
import { RecordFormDrawer } from '../form/RecordFormDrawer'
import { boardFields, dateFields } from '../model/viewFields'
import { Saver } from '../parts/Saver'
import { BulkBar } from './BulkBar'
import { ListHeader } from './ListHeader'
import { ListTools } from './ListTools'
import s from './list.module.css'
import { TableView } from './TableView'
import { useSelection } from './useSelection'

// Dragging needs a library that tables do without.
const BoardView = lazy(() => import('../board/BoardView').then((m) => ({ default: m.BoardView })))
const CalendarView = lazy(() => import('../calendar/CalendarView').then((m) => ({ default: m.CalendarView })))

/** Any object's records as table, board or calendar. */
export function RecordListPage() {
  const name = useObjectName()
  const object = useObject(name)
  const { t } = useTranslation('records')
  if (!object) return <NoPermission title={t('list.unknownTitle')} text={t('list.unknownText')} />
  return (
    <Saver object={object} key={name}>
      <List object={object} />
    </Saver>
  )
}

function List({ object }: { object: ObjectDef }) {
  const label = useLabel()
  const go = useGo()
  const state = useListState(object)
  const selection = useSelection()
  // What is selected must be what is seen.
  const question = JSON.stringify([state.filter, state.view.kind])
  const { clear } = selection
  // biome-ignore lint/correctness/useExhaustiveDependencies: cleared whenever the question changes
  useEffect(clear, [question, clear])
  const [creating, setCreating] = useState<Record<string, unknown> | null>(null)
  const mayCreate = can(object, 'create')
  const create = useCreateRecord()
  // From the table one goes on to the new record; a card or a day stays where it was made.
  const onCreate = mayCreate ? () => create(object.name) : undefined
  const onCreateHere = mayCreate ? setCreating : undefined
  const onImport = mayImport(object) ? () => void go.import(object.name) : undefined

  const kind =
    state.view.kind === 'board' && boardFields(object).length === 0
      ? 'table'
      : state.view.kind === 'calendar' && dateFields(object).length === 0
        ? 'table'
        : state.view.kind
  return (
    <section className={s.page} aria-label={label(object.plural)}>
      <ListHeader object={object} state={state} onCreate={onCreate} onImport={onImport} />
      <ListTools object={object} state={state} kind={kind} />
      <div className={s.body}>
        <Suspense fallback={<ListSkeleton rows={14} columns={6} />}>
          {state.waiting ? (
            <ListSkeleton rows={14} columns={6} />
          ) : kind === 'board' ? (
            <BoardView object={object} state={state} onCreate={onCreateHere} />
          ) : kind === 'calendar' ? (
            <CalendarView object={object} state={state} onCreate={onCreateHere} />
          ) : (
            <TableView
              object={object}
              state={state}
              selection={selection}
              onCreate={onCreate}
              onImport={onImport}
            />
          )}
        </Suspense>
        {kind === 'table' && <BulkBar object={object} selection={selection} />}
      </div>
      <RecordFormDrawer
        object={object.name}
        initial={creating ?? undefined}
        open={creating !== null}
        onClose={() => setCreating(null)}
        onSaved={() => {}}
      />
    </section>
  )
}
