import { CloseOutlined } from '@ant-design/icons'
import { Button } from 'antd'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type Pool, useBulk } from '@/api/hooks'
import type { ObjectDef } from '@/api/types'
import s from '@/records/list/list.module.css'
import { useOutcome } from '@/records/list/useOutcome'
import { MAX_BULK, type Selection } from '@/records/list/useSelection'
import { AssignDialog } from '@/records/pool/AssignDialog'
import { formatNumber } from '@/ui/number'

interface Props {
  object: ObjectDef
  pool: Pool
  selection: Selection
}

/** Several at once: claimed for oneself, or given to a colleague by whoever administers the pool. */
export function PoolBar({ object, pool, selection }: Props) {
  const { t } = useTranslation('pools')
  const { t: records } = useTranslation('records')
  const bulk = useBulk(object.name)
  const { finish, fail } = useOutcome(object, selection)
  // What is being given away stays the same while rows come and go.
  const [giving, setGiving] = useState<string[]>()
  const ids = useMemo(() => [...selection.ids], [selection.ids])
  const tooMany = ids.length > MAX_BULK
  const shown = formatNumber(ids.length)
  return (
    <>
      {ids.length > 0 && (
        <div className={s.bulk} role="toolbar" aria-label={records('bulk.name')}>
          <span>{records('bulk.selected', { count: ids.length, shown })}</span>
          {tooMany && (
            <span className={s.muted}>{records('bulk.tooMany', { max: formatNumber(MAX_BULK) })}</span>
          )}
          <Button
            size="small"
            type="primary"
            disabled={tooMany}
            loading={bulk.isPending}
            onClick={() =>
              bulk.mutate({ action: 'claim', ids }, { onSuccess: (r) => finish(r), onError: fail })
            }
          >
            {t('claimMany', { count: ids.length, shown })}
          </Button>
          {pool.admin && (
            <Button size="small" disabled={tooMany} onClick={() => setGiving(ids)}>
              {t('assign.action')}
            </Button>
          )}
          <Button
            size="small"
            type="text"
            icon={<CloseOutlined aria-hidden />}
            aria-label={records('bulk.clear')}
            onClick={selection.clear}
          />
        </div>
      )}
      {giving && (
        <AssignDialog
          object={object}
          ids={giving}
          onClose={() => setGiving(undefined)}
          onDone={(result) => (result ? finish(result) : selection.clear())}
        />
      )}
    </>
  )
}
