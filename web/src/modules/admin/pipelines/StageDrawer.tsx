import { DeleteOutlined } from '@ant-design/icons'
import { App, Button, Form, Select } from 'antd'
import { useId } from 'react'
import { useTranslation } from 'react-i18next'
import { can, useCatalogue } from '@/api/catalogue'
import { useRemove } from '@/api/mutations'
import type { ObjectDef, RecordData } from '@/api/types'
import { matchesText } from '@/ui/pinyin'
import { useDraft } from '@/ui/useDraft'
import { useLabel } from '@/ui/useLabel'
import { EditDrawer } from '../edit/EditDrawer'
import { useRecordEdit } from '../edit/useRecordEdit'
import { FieldRows } from '../FieldRows'
import { askable } from './order'
import css from './pipelines.module.css'

const names = [
  'name',
  'kind',
  'probability',
  'forecast_category',
  'required_fields',
  'tasks_done',
  'decider_named',
  'guidance',
  'rotting_days',
  'pipeline',
  'sort_order',
]

interface Props {
  object: ObjectDef
  pipeline: RecordData
  record: RecordData | undefined
  /** Where a new one stands. */
  order: number
  onClose(): void
}

/** The form of a stage. */
export function StageDrawer({ object, pipeline, record, order, onClose }: Props) {
  const { t } = useTranslation('sales')
  const { t: app } = useTranslation()
  const { modal } = App.useApp()
  const remove = useRemove(object.name)
  const draft = useDraft<Record<string, unknown>>(`stage:${record?.id ?? `new:${pipeline.id}`}`, {})
  const edit = useRecordEdit({
    object,
    names,
    record,
    start: {
      pipeline: { id: pipeline.id, title: String(pipeline.name ?? '') },
      kind: 'open',
      probability: '0',
      sort_order: order,
    },
    typed: draft,
    onSaved: onClose,
  })
  const name = String(record?.name ?? '')
  const may = can(object, record ? 'update' : 'create')
  const erase = () =>
    record &&
    modal.confirm({
      title: t('designer.deleteStageAsk', { name }),
      content: t('designer.deleteStageText'),
      okText: app('action.delete'),
      okButtonProps: { danger: true },
      onOk: () =>
        remove
          .mutateAsync({ id: record.id, title: name })
          .then(() => {
            draft.clear()
            onClose()
          })
          // Told by the shell, with how many stand there.
          .catch(() => {}),
    })
  const rows = (which: string[], calm = true) => (
    <FieldRows object={object} names={which} {...edit.rows} calm={calm} disabled={!may} />
  )
  return (
    <EditDrawer
      title={record ? t('designer.editStage', { name }) : t('designer.newStage')}
      size="min(560px, 100vw)"
      edit={edit}
      draft={draft}
      may={may}
      onClose={onClose}
      extra={
        record &&
        can(object, 'delete') && (
          <Button type="text" danger icon={<DeleteOutlined aria-hidden />} onClick={erase}>
            {t('designer.deleteStage')}
          </Button>
        )
      }
    >
      <Form layout="vertical" component={false}>
        {rows(['name', 'kind', 'probability'], record !== undefined)}
        {/* What is won or lost is in no forecast. */}
        {edit.values.kind === 'open' && rows(['forecast_category'])}
        <h3 className={css.part}>{t('designer.entry')}</h3>
        <RequiredFields
          value={edit.values.required_fields}
          disabled={!may}
          trouble={edit.error?.forField('required_fields')}
          onChange={(list) => edit.rows.onChange('required_fields', list.length > 0 ? list : null)}
        />
        {rows(['tasks_done', 'decider_named'])}
        <h3 className={css.part}>{t('designer.look')}</h3>
        {rows(['guidance', 'rotting_days'])}
      </Form>
    </EditDrawer>
  )
}

interface RequiredProps {
  value: unknown
  disabled: boolean
  trouble: string | undefined
  onChange(list: string[]): void
}

function RequiredFields({ value, disabled, trouble, onChange }: RequiredProps) {
  const { t } = useTranslation('sales')
  const label = useLabel()
  const id = useId()
  const { objects } = useCatalogue()
  return (
    <Form.Item
      label={t('designer.requiredLabel')}
      htmlFor={id}
      extra={t('designer.requiredHelp')}
      validateStatus={trouble ? 'error' : undefined}
      help={trouble}
    >
      <Select
        id={id}
        mode="multiple"
        value={Array.isArray(value) ? value.map(String) : []}
        disabled={disabled}
        placeholder={t('designer.pick')}
        options={askable(objects.opportunity).map((f) => ({ value: f.name, label: label(f.label) }))}
        filterOption={(typed, option) => matchesText(typed, String(option?.label ?? ''))}
        onChange={onChange}
      />
    </Form.Item>
  )
}
