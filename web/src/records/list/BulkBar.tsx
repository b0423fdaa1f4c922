import { CloseOutlined, DeleteOutlined, EditOutlined } from '@ant-design/icons'
import { App, Button, Modal, Select } from 'antd'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { isApiError } from '@/api/client'
import { can, keepsOwner, useBulk } from '@/api/hooks'
import type { BulkResult, ObjectDef } from '@/api/types'
import { fieldKinds } from '@/fields/registry'
import { focusStart } from '@/ui/focusStart'
import { formatNumber } from '@/ui/number'
import { useLabel } from '@/ui/useLabel'
import { DealOutButton } from '../handover/ReassignButton'
import { FormField } from '../parts/FormField'
import p from '../parts/parts.module.css'
import s from './list.module.css'
import { useOutcome } from './useOutcome'
import { MAX_BULK, type Selection } from './useSelection'

interface Props {
  object: ObjectDef
  selection: Selection
}

/** What can be done with the records selected; failures are listed with their reasons and stay selected. */
export function BulkBar({ object, selection }: Props) {
  const { t } = useTranslation('records')
  const { modal } = App.useApp()
  const label = useLabel()
  const bulk = useBulk(object.name)
  const outcome = useOutcome(object, selection)
  const [editing, setEditing] = useState(false)
  const [name, setName] = useState<string>()
  const [value, setValue] = useState<unknown>(null)
  const [error, setError] = useState<string>()
  const ids = useMemo(() => [...selection.ids], [selection.ids])
  const fields = Object.values(object.fields).filter(
    (f) =>
      f.writable !== false &&
      !f.hidden &&
      !['auto_number', 'formula', 'file', 'image'].includes(f.type) &&
      !f.unique &&
      !keepsOwner(object, f),
  )
  const field = fields.find((f) => f.name === name)
  if (ids.length === 0) return null
  // One record may be changed by whoever may change it; many at once is a right of its own.
  const barred = ids.length > 1 && !can(object, 'mass_update')
  const tooMany = ids.length > MAX_BULK
  const shown = formatNumber(ids.length)

  const finish = (result: BulkResult, deleted = false) => {
    setEditing(false)
    outcome.finish(result, deleted)
  }
  const fail = (e: unknown) => {
    const beside = isApiError(e) && name ? e.forField(name) : undefined
    if (beside) setError(beside)
    else outcome.fail(e)
  }

  return (
    <div className={s.bulk} role="toolbar" aria-label={t('bulk.name')}>
      <span>{t('bulk.selected', { count: ids.length, shown })}</span>
      {barred && <span className={s.muted}>{t('bulk.barred')}</span>}
      {tooMany && !barred && (
        <span className={s.muted}>{t('bulk.tooMany', { max: formatNumber(MAX_BULK) })}</span>
      )}
      {!barred && can(object, 'update') && (
        <Button
          size="small"
          icon={<EditOutlined aria-hidden />}
          disabled={tooMany}
          onClick={() => setEditing(true)}
        >
          {t('bulk.update')}
        </Button>
      )}
      {!barred && <DealOutButton object={object} ids={ids} disabled={tooMany} onDone={selection.clear} />}
      {!barred && can(object, 'delete') && (
        <Button
          size="small"
          danger
          icon={<DeleteOutlined aria-hidden />}
          disabled={tooMany}
          onClick={() =>
            void modal.confirm({
              title: t('bulk.deleteTitle', { count: ids.length, shown }),
              content: t('bulk.deleteText'),
              okText: t('bulk.delete'),
              okButtonProps: { danger: true },
              cancelText: t('prompt.cancel'),
              onOk: () =>
                bulk
                  .mutateAsync({ action: 'delete', ids })
                  .then((r) => finish(r, true))
                  .catch(fail),
            })
          }
        >
          {t('bulk.delete')}
        </Button>
      )}
      <Button
        size="small"
        type="text"
        icon={<CloseOutlined aria-hidden />}
        onClick={selection.clear}
        aria-label={t('bulk.clear')}
      />
      <Modal
        open={editing}
        title={t('bulk.updateTitle', { count: ids.length, shown })}
        okText={field && fieldKinds[field.type].isEmpty(value) ? t('bulk.empty') : t('bulk.apply')}
        cancelText={t('prompt.cancel')}
        okButtonProps={{ disabled: !field, loading: bulk.isPending }}
        onCancel={() => setEditing(false)}
        onOk={() =>
          field &&
          bulk.mutate(
            { action: 'update', ids, values: { [field.name]: value } },
            { onSuccess: (r) => finish(r), onError: fail },
          )
        }
        destroyOnHidden
        afterOpenChange={(open) => open && focusStart()}
      >
        <div className={p.formOne}>
          <div data-form-start>
            <Select
              showSearch={{ optionFilterProp: 'label' }}
              placeholder={t('bulk.field')}
              aria-label={t('bulk.field')}
              value={name}
              options={fields.map((f) => ({ value: f.name, label: label(f.label) }))}
              onChange={(next: string) => {
                setName(next)
                setValue(null)
                setError(undefined)
              }}
            />
          </div>
          {field && (
            <FormField
              key={field.name}
              field={field}
              value={value}
              error={error}
              onChange={(v) => {
                setValue(v)
                setError(undefined)
              }}
            />
          )}
        </div>
      </Modal>
    </div>
  )
}
