import { DeleteOutlined, EditOutlined, NodeIndexOutlined, PlusOutlined } from '@ant-design/icons'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { App, Button, Tabs, Tag } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { can, useObject } from '@/api/catalogue'
import { useRemove } from '@/api/mutations'
import { useRecord, useRecords } from '@/api/records'
import type { ObjectDef, RecordData } from '@/api/types'
import { asRef } from '@/fields'
import { ListLink } from '@/records/data/nav'
import { Page } from '@/ui/Page'
import { ListSkeleton } from '@/ui/Skeletons'
import { EmptyState, ErrorState, NoPermission } from '@/ui/states'
import { EditDialog } from '../edit/EditDialog'
import { useRecordEdit, useTyped } from '../edit/useRecordEdit'
import css from './pipelines.module.css'
import { StageTable } from './StageTable'

/** Where ways of selling are designed: their stages in order, and what each asks for. Who may not change them reads them. */
export function PipelinesPage() {
  const { t } = useTranslation('sales')
  const object = useObject('pipeline')
  const stageObject = useObject('stage')
  const navigate = useNavigate()
  const asked = useSearch({ strict: false }) as { pipeline?: string; stage?: string }
  const list = useRecords('pipeline', { sort: 'sort_order', limit: 100 }, { enabled: object !== undefined })
  const named = useRecord('stage', asked.stage, { enabled: stageObject !== undefined })
  const [editing, setEditing] = useState<{ record?: RecordData }>()
  if (!object || !stageObject) {
    return (
      <Page title={t('designer.title')}>
        <NoPermission />
      </Page>
    )
  }
  const pipelines = list.data?.pages.flatMap((p) => p.items) ?? []
  const wanted = asked.pipeline ?? asRef(named.data?.pipeline)?.id
  const current =
    pipelines.find((p) => p.id === wanted) ?? pipelines.find((p) => p.is_default === true) ?? pipelines[0]
  const show = (id: string) =>
    void navigate({ to: '/admin/pipelines', search: { pipeline: id }, replace: true })
  const add = can(object, 'create') && (
    <Button type="primary" icon={<PlusOutlined aria-hidden />} onClick={() => setEditing({})}>
      {t('designer.add')}
    </Button>
  )
  return (
    <Page title={t('designer.title')} text={t('designer.text')} actions={add}>
      {list.isError && !list.data ? (
        <ErrorState error={list.error} onRetry={() => void list.refetch()} />
      ) : list.isPending ? (
        <ListSkeleton rows={6} columns={6} />
      ) : !current ? (
        <EmptyState
          icon={<NodeIndexOutlined aria-hidden />}
          title={t('designer.none')}
          text={t('designer.noneText')}
          actions={add}
        />
      ) : (
        <>
          <Tabs
            activeKey={current.id}
            onChange={show}
            aria-label={t('designer.pipelines')}
            items={pipelines.map((p) => ({ key: p.id, label: <PipelineName pipeline={p} /> }))}
            tabBarExtraContent={
              <PipelineTools
                object={object}
                pipeline={current}
                onEdit={() => setEditing({ record: current })}
              />
            }
          />
          <StageTable key={current.id} pipeline={current} object={stageObject} open={asked.stage} />
        </>
      )}
      {editing && (
        <PipelineDialog
          object={object}
          record={editing.record}
          order={pipelines.length + 1}
          onSaved={(saved) => show(saved.id)}
          onClose={() => setEditing(undefined)}
        />
      )}
    </Page>
  )
}

function PipelineName({ pipeline }: { pipeline: RecordData }) {
  const { t } = useTranslation('sales')
  return (
    <span className={css.pipeline}>
      {String(pipeline.name ?? '')}
      {pipeline.is_default === true && <Tag color="blue">{t('designer.default')}</Tag>}
      {pipeline.active === false && <Tag>{t('designer.off')}</Tag>}
    </span>
  )
}

function PipelineTools({
  object,
  pipeline,
  onEdit,
}: {
  object: ObjectDef
  pipeline: RecordData
  onEdit(): void
}) {
  const { t } = useTranslation('sales')
  const { t: app } = useTranslation()
  const { modal } = App.useApp()
  const remove = useRemove(object.name)
  const name = String(pipeline.name ?? '')
  const erase = () =>
    modal.confirm({
      title: t('designer.deleteAsk', { name }),
      content: t('designer.deleteText'),
      okText: app('action.delete'),
      okButtonProps: { danger: true },
      // Why it was refused is told by the shell.
      onOk: () => remove.mutateAsync({ id: pipeline.id, title: name }).catch(() => {}),
    })
  return (
    <span className={css.tools}>
      <ListLink object="opportunity" search={{ view: 'board', filter: ['pipeline', '=', pipeline.id] }}>
        {t('designer.board')}
      </ListLink>
      {can(object, 'update') && (
        <Button
          type="text"
          icon={<EditOutlined aria-hidden />}
          aria-label={t('designer.rename')}
          onClick={onEdit}
        />
      )}
      {can(object, 'delete') && (
        <Button
          type="text"
          icon={<DeleteOutlined aria-hidden />}
          aria-label={t('designer.delete')}
          onClick={erase}
        />
      )}
    </span>
  )
}

interface DialogProps {
  object: ObjectDef
  record: RecordData | undefined
  order: number
  onSaved(saved: RecordData): void
  onClose(): void
}

function PipelineDialog({ object, record, order, onSaved, onClose }: DialogProps) {
  const { t } = useTranslation('sales')
  const names = ['name', 'active', 'is_default', 'sort_order']
  const typed = useTyped()
  const edit = useRecordEdit({
    object,
    names,
    record,
    start: { active: true, is_default: false, sort_order: order },
    typed,
    onSaved: (saved) => {
      onSaved(saved)
      onClose()
    },
  })
  return (
    <EditDialog
      object={object}
      names={names}
      edit={edit}
      title={t(record ? 'designer.rename' : 'designer.add')}
      onSave={() => void edit.save()}
      onClose={onClose}
    />
  )
}
