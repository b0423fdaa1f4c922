import { FlagOutlined, PlusOutlined } from '@ant-design/icons'
import {
  closestCenter,
  DndContext,
  type DragEndEvent,
  MouseSensor,
  TouchSensor,
  useSensor,
  useSensors,
} from '@dnd-kit/core'
import { Button } from 'antd'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { can } from '@/api/catalogue'
import { useUpdate } from '@/api/mutations'
import { useAggregate, useRecords } from '@/api/records'
import type { ObjectDef, RecordData } from '@/api/types'
import { asRef } from '@/fields'
import { ListSkeleton } from '@/ui/Skeletons'
import { EmptyState, ErrorState } from '@/ui/states'
import { useLabel } from '@/ui/useLabel'
import admin from '../admin.module.css'
import { moved } from './order'
import css from './pipelines.module.css'
import { StageDrawer } from './StageDrawer'
import { StageRow } from './StageRow'

interface Props {
  pipeline: RecordData
  object: ObjectDef
  /** The stage whose form is open at first. */
  open: string | undefined
}

/** The stages of a pipeline in their order. */
export function StageTable({ pipeline, object, open }: Props) {
  const { t } = useTranslation('sales')
  const label = useLabel()
  const list = useRecords('stage', {
    filter: ['pipeline', '=', pipeline.id],
    sort: 'sort_order,created_at',
    limit: 100,
  })
  const here = useAggregate('opportunity', {
    group_by: ['stage'],
    measures: [{ fn: 'count' }],
    filter: ['pipeline', '=', pipeline.id],
  })
  const update = useUpdate('stage')
  const [editing, setEditing] = useState<{ id?: string; key: number } | undefined>(
    open === undefined ? undefined : { id: open, key: 0 },
  )
  // Where one has put it, until the server has answered.
  const [order, setOrder] = useState<string[]>()
  const sensors = useSensors(
    useSensor(MouseSensor, { activationConstraint: { distance: 6 } }),
    useSensor(TouchSensor, { activationConstraint: { delay: 250, tolerance: 8 } }),
  )
  const counts = useMemo(
    () => new Map(here.data?.map((row) => [asRef(row.stage)?.id ?? '', Number(row.count)])),
    [here.data],
  )
  const saved = list.data?.pages.flatMap((p) => p.items) ?? []
  const stages = order ? order.flatMap((id) => saved.find((s) => s.id === id) ?? []) : saved
  const movable = can(object, 'update')
  const move = async (id: string, to: number) => {
    const plan = moved(stages, id, to)
    if (plan.length === 0) return
    const rest = stages.filter((s) => s.id !== id).map((s) => s.id)
    setOrder([...rest.slice(0, to), id, ...rest.slice(to)])
    try {
      for (const { record, order } of plan) {
        await update.mutateAsync({ record, values: { sort_order: order }, silent: true })
      }
    } catch {
      // Told by the shell; the list is read again as it is.
    } finally {
      await list.refetch()
      setOrder(undefined)
    }
  }
  const drop = ({ active, over }: DragEndEvent) => {
    const to = stages.findIndex((s) => s.id === over?.id)
    if (to >= 0) void move(String(active.id), to)
  }
  const add = can(object, 'create') && (
    <Button icon={<PlusOutlined aria-hidden />} onClick={() => setEditing({ key: Date.now() })}>
      {t('designer.addStage')}
    </Button>
  )
  if (list.isError && !list.data) return <ErrorState error={list.error} onRetry={() => void list.refetch()} />
  if (list.isPending) return <ListSkeleton rows={6} columns={6} />
  const heads = [
    t('designer.stage'),
    label(object.fields.kind?.label),
    label(object.fields.probability?.label),
    t('designer.conditions'),
    label(object.fields.rotting_days?.label),
    t('designer.here'),
  ]
  return (
    <>
      {stages.length === 0 ? (
        <EmptyState
          icon={<FlagOutlined aria-hidden />}
          title={t('designer.noStages')}
          text={t('designer.noStagesText')}
          actions={add}
        />
      ) : (
        <>
          <DndContext sensors={sensors} collisionDetection={closestCenter} onDragEnd={drop}>
            <table className={`${admin.table} ${css.table}`}>
              <thead>
                <tr>
                  {movable && <th aria-hidden />}
                  {heads.map((head) => (
                    <th key={head} scope="col">
                      {head}
                    </th>
                  ))}
                  {movable && <th aria-hidden />}
                </tr>
              </thead>
              <tbody>
                {stages.map((stage, i) => (
                  <StageRow
                    key={stage.id}
                    object={object}
                    stage={stage}
                    heads={heads}
                    count={here.data ? (counts.get(stage.id) ?? 0) : undefined}
                    movable={movable}
                    first={i === 0}
                    last={i === stages.length - 1}
                    busy={order !== undefined}
                    onMove={(by) => void move(stage.id, i + by)}
                    onEdit={() => setEditing({ id: stage.id, key: Date.now() })}
                  />
                ))}
              </tbody>
            </table>
          </DndContext>
          <div className={css.add}>{add}</div>
        </>
      )}
      {editing && (editing.id === undefined || saved.some((s) => s.id === editing.id)) && (
        <StageDrawer
          key={editing.key}
          object={object}
          pipeline={pipeline}
          record={saved.find((s) => s.id === editing.id)}
          order={Math.max(0, ...stages.map((s) => Number(s.sort_order ?? 0))) + 1}
          onClose={() => setEditing(undefined)}
        />
      )}
    </>
  )
}
