import { InboxOutlined } from '@ant-design/icons'
import { Alert } from 'antd'
import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { refreshObject } from '@/api/cache'
import { inPool, type Pool, refreshPools, usedUp } from '@/api/hooks'
import type { ObjectDef, RecordData } from '@/api/types'
import { useListState } from '@/records/data/useListState'
import { ListTools } from '@/records/list/ListTools'
import type { RowAct } from '@/records/list/rowAct'
import { TableView } from '@/records/list/TableView'
import { useSelection } from '@/records/list/useSelection'
import { useValueText } from '@/records/parts/useFields'
import { AssignDialog } from '@/records/pool/AssignDialog'
import { useClaiming } from '@/records/pool/useClaiming'
import { ListSkeleton } from '@/ui/Skeletons'
import { EmptyState } from '@/ui/states'
import { midSentence, useLabel } from '@/ui/useLabel'
import { poolColumns } from './columns'
import { PoolBar } from './PoolBar'
import { PoolHead } from './PoolHead'
import css from './pools.module.css'

interface Props {
  pools: Pool[]
  pool: Pool
  object: ObjectDef
}

/** Milliseconds between two looks at what has gone. */
const LOOK_AGAIN = 10_000

/** One pool: the list of its object as everywhere, with claiming by a click or a key. */
export function PoolList({ pools, pool, object }: Props) {
  const { t } = useTranslation('pools')
  const label = useLabel()
  const text = useValueText()
  const ground = useMemo(
    () => ({
      key: `pool.${object.name}`,
      filter: inPool(pool.id),
      columns: poolColumns(object, pool.hidden_fields),
      sort: object.fields.pooled_at?.sortable ? '-pooled_at' : undefined,
    }),
    [object, pool.id, pool.hidden_fields],
  )
  const state = useListState(object, ground)
  const selection = useSelection()
  const { clear } = selection
  const chosen = useRef(selection)
  chosen.current = selection
  const question = JSON.stringify(state.filter)
  // What is selected must be what is seen.
  // biome-ignore lint/correctness/useExhaustiveDependencies: cleared whenever the question changes
  useEffect(clear, [question, clear])
  // What a colleague claims leaves one's sight, and with it the news of it: the pool is looked at anew now and then.
  useEffect(() => {
    const timer = setInterval(() => {
      if (document.hidden) return
      refreshPools()
      refreshObject(object.name)
    }, LOOK_AGAIN)
    return () => clearInterval(timer)
  }, [object.name])
  const [assigning, setAssigning] = useState<RecordData>()
  const { claim } = useClaiming(object)
  const full = usedUp(pool)

  const take = useCallback(
    // The server has the last word on the limit, an administrator may just have raised it; but the row waits for that.
    (record: RecordData) => {
      const { ids, set } = chosen.current
      if (ids.has(record.id)) set([...ids].filter((id) => id !== record.id))
      void claim(record, pool.id, full)
    },
    [claim, pool.id, full],
  )
  const acts = useMemo<RowAct[]>(() => {
    const claiming: RowAct = {
      key: 'g',
      text: t('claim'),
      name: (title) => t('claimOne', { title }),
      run: take,
    }
    const giving: RowAct = {
      key: 'a',
      text: t('assign.action'),
      name: (title) => t('assign.one', { title }),
      run: setAssigning,
    }
    return pool.admin ? [claiming, giving] : [claiming]
  }, [t, take, pool.admin])

  const field = object.fields[object.title]
  const objects = midSentence(label(object.plural))
  return (
    <section className={css.page} aria-label={t('named', { name: pool.name })}>
      <PoolHead pools={pools} pool={pool} object={object} state={state} />
      {full && (
        <Alert
          type="warning"
          showIcon
          className={css.note}
          title={t('full', {
            count: pool.daily_claim_limit ?? 0,
            next: t(pool.admin ? 'fullTomorrow' : 'fullAsk'),
          })}
        />
      )}
      <ListTools object={object} state={state} kind="table" ownerless />
      <div className={css.body}>
        {state.waiting ? (
          <ListSkeleton rows={14} columns={6} />
        ) : (
          <TableView
            object={object}
            state={state}
            selection={selection}
            acts={acts}
            pool={pool.id}
            empty={
              <EmptyState
                icon={<InboxOutlined aria-hidden />}
                title={t('empty', { objects })}
                text={t('emptyText', { objects })}
              />
            }
          />
        )}
        <PoolBar object={object} pool={pool} selection={selection} />
      </div>
      {assigning && (
        <AssignDialog
          object={object}
          ids={[assigning.id]}
          title={field ? text(field, assigning[field.name]) : ''}
          onClose={() => setAssigning(undefined)}
        />
      )}
    </section>
  )
}
