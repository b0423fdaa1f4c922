import { TableOutlined } from '@ant-design/icons'
import { Button } from 'antd'
import { lazy, Suspense } from 'react'
import { useTranslation } from 'react-i18next'
import { can, useAggregate } from '@/api/hooks'
import type { ObjectDef } from '@/api/types'
import { BoardTools } from '../board/BoardTools'
import { CalendarTools } from '../calendar/CalendarTools'
import { type ListState, MOST_HITS } from '../data/useListState'
import { ReassignButton } from '../handover/ReassignButton'
import type { ViewKind } from '../model/viewState'
import { useNarrow } from '../parts/useNarrow'
import { ExportButton } from './ExportButton'
import { FilterBar } from './FilterBar'
import { GroupMenu } from './GroupMenu'
import s from './list.module.css'

interface Props {
  object: ObjectDef
  state: ListState
  kind: ViewKind
  /** Records that belong to nobody are not given away. */
  ownerless?: boolean
}

const ColumnMenu = lazy(() => import('./ColumnMenu').then((m) => ({ default: m.ColumnMenu })))

/** The quiet line under the header: what narrows and shapes the list. */
export function ListTools({ object, state, kind, ownerless }: Props) {
  const { t } = useTranslation('records')
  const narrow = useNarrow()
  const count = useAggregate(object.name, { measures: [{ fn: 'count' }], filter: state.filter })
  const total = count.data?.[0]?.count
  return (
    <div className={s.tools} role="toolbar" aria-label={t('list.tools')}>
      <FilterBar
        object={object}
        filter={state.view.filter}
        onChange={(filter) => state.set({ filter, seek: undefined })}
      />
      {state.capped && <span className={s.muted}>{t('list.capped', { count: MOST_HITS })}</span>}
      <span className={s.spacer} />
      {kind === 'board' && <BoardTools object={object} state={state} />}
      {kind === 'calendar' && <CalendarTools object={object} state={state} />}
      {kind === 'table' && (
        <GroupMenu
          object={object}
          group={state.view.group}
          onChange={(group) => state.set({ group, seek: undefined })}
        />
      )}
      {kind === 'table' && !narrow && (
        <Suspense
          fallback={
            <Button size="small" type="text" disabled icon={<TableOutlined aria-hidden />}>
              {t('columns.button')}
            </Button>
          }
        >
          <ColumnMenu object={object} columns={state.columns} onChange={state.setColumns} />
        </Suspense>
      )}
      {!ownerless && <ReassignButton object={object} filter={state.filter} />}
      {can(object, 'export') && !narrow && (
        <ExportButton
          object={object}
          columns={state.columns}
          filter={state.filter}
          sort={state.view.sort}
          total={typeof total === 'number' ? total : undefined}
        />
      )}
    </div>
  )
}
