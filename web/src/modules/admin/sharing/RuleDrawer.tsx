import { DeleteOutlined } from '@ant-design/icons'
import { Alert, App, Button, Drawer, Form } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { can, useCatalogue } from '@/api/catalogue'
import { type ApiError, isApiError, randomKey } from '@/api/client'
import { useCreate, useRemove, useUpdate } from '@/api/mutations'
import type { ObjectDef, RecordData } from '@/api/types'
import { problemText } from '@/ui/states'
import { useDraft } from '@/ui/useDraft'
import { useLabel } from '@/ui/useLabel'
import { FieldRows, missingOf } from '../FieldRows'
import { CriteriaEdit } from './CriteriaEdit'
import css from './sharing.module.css'

interface Props {
  object: ObjectDef
  rule?: RecordData
  onClose(): void
}

const names = ['name', 'object', 'criteria', 'users', 'departments', 'roles', 'level', 'active']

/** A rule: which records of what kind, with whom, and with what right. */
export function RuleDrawer({ object, rule, onClose }: Props) {
  const { t } = useTranslation('admin')
  const { t: app } = useTranslation()
  const { modal } = App.useApp()
  const label = useLabel()
  const { objects } = useCatalogue()
  const create = useCreate(object.name)
  const update = useUpdate(object.name)
  const remove = useRemove(object.name)
  const draft = useDraft<Record<string, unknown>>(`${object.name}:${rule?.id ?? 'new'}`, {})
  const [missing, setMissing] = useState<string[]>([])
  const [error, setError] = useState<ApiError | null>(null)
  const [key, setKey] = useState(randomKey)
  // A rule starts out for customers, which nearly all are about.
  const first = object.fields.object?.options?.[0]?.value
  const values: Record<string, unknown> = {
    ...(rule ?? { object: first, level: 'read', active: true }),
    ...draft.value,
  }
  const target = objects[String(values.object ?? '')]
  const set = (name: string, v: unknown) =>
    draft.set((old) => ({
      ...old,
      [name]: v,
      // Conditions on the fields of another kind of record mean nothing.
      ...(name === 'object' && v !== values.object && { criteria: '' }),
    }))

  const save = async () => {
    const empty = missingOf(object, names, values)
    setMissing(empty)
    setError(null)
    if (empty.length > 0) return
    const chosen = Object.fromEntries(names.filter((n) => n in values).map((n) => [n, values[n]]))
    try {
      if (rule) await update.mutateAsync({ record: rule, values: chosen, quiet: true })
      else await create.mutateAsync({ values: chosen, idempotencyKey: key })
      draft.clear()
      onClose()
    } catch (e) {
      if (!isApiError(e)) throw e
      setError(e)
      // Corrected input is another request.
      if (e.code !== 'offline') setKey(randomKey())
    }
  }
  const erase = (of: RecordData) =>
    modal.confirm({
      title: t('sharing.deleteAsk', { name: String(of.name) }),
      content: t('sharing.deleteText'),
      okText: app('action.delete'),
      okButtonProps: { danger: true },
      onOk: () =>
        remove
          .mutateAsync({ id: of.id, title: String(of.name) })
          .then(() => {
            draft.clear()
            onClose()
          })
          // Told by the shell.
          .catch(() => {}),
    })

  // Under “with whom” it is enough to say “users”.
  const said = { users: objects.user, departments: objects.department, roles: objects.role }
  const fields = { ...object.fields }
  for (const [name, of] of Object.entries(said)) {
    const field = fields[name]
    if (field && of) fields[name] = { ...field, label: of.label }
  }
  const worded = { ...object, fields }

  const rows = (which: string[], calm = true) => (
    <FieldRows
      object={worded}
      names={which}
      values={values}
      onChange={set}
      error={error}
      missing={missing}
      calm={calm}
    />
  )
  const named = error?.problem.errors?.every((e) => names.includes(e.field))
  return (
    <Drawer
      open
      size="min(760px, 100vw)"
      title={rule ? t('sharing.editTitle', { name: String(rule.name ?? '') }) : t('sharing.add')}
      onClose={onClose}
      extra={
        rule &&
        can(object, 'delete') && (
          <Button type="text" danger icon={<DeleteOutlined aria-hidden />} onClick={() => erase(rule)}>
            {app('action.delete')}
          </Button>
        )
      }
      footer={
        <div className={css.foot}>
          <Button onClick={onClose}>{app('action.cancel')}</Button>
          <Button type="primary" loading={create.isPending || update.isPending} onClick={() => void save()}>
            {app('action.save')}
          </Button>
        </div>
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
      <Form layout="vertical" component={false}>
        <h3 className={css.part}>{t('sharing.what')}</h3>
        {rows(['name', 'object'], rule !== undefined)}
        {target && (
          <CriteriaEdit
            // What is thrown away is thrown away in the editor too.
            key={`${target.name} ${draft.restoredAt ?? ''}`}
            object={target}
            value={values.criteria}
            onChange={(text) => set('criteria', text)}
            trouble={
              error?.forField('criteria') ??
              (missing.includes('criteria')
                ? t('required', { field: label(object.fields.criteria?.label) })
                : undefined)
            }
          />
        )}
        <h3 className={css.part}>{t('sharing.whom')}</h3>
        {rows(['users', 'departments', 'roles'])}
        <h3 className={css.part}>{t('sharing.right')}</h3>
        <p className={css.partText}>{t('sharing.rightText')}</p>
        {rows(['level', 'active'])}
      </Form>
    </Drawer>
  )
}
