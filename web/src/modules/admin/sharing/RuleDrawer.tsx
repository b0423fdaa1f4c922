import { DeleteOutlined } from '@ant-design/icons'
import { App, Button, Form } from 'antd'
import { useTranslation } from 'react-i18next'
import { can, useCatalogue } from '@/api/catalogue'
import { useRemove } from '@/api/mutations'
import type { ObjectDef, RecordData } from '@/api/types'
import { CriteriaEdit } from '@/records/criteria/CriteriaEdit'
import { useDraft } from '@/ui/useDraft'
import { useLabel } from '@/ui/useLabel'
import { EditDrawer } from '../edit/EditDrawer'
import { useRecordEdit } from '../edit/useRecordEdit'
import { FieldRows } from '../FieldRows'
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
  const remove = useRemove(object.name)
  const draft = useDraft<Record<string, unknown>>(`${object.name}:${rule?.id ?? 'new'}`, {})
  // A rule starts out for customers, which nearly all are about.
  const first = object.fields.object?.options?.[0]?.value
  const edit = useRecordEdit({
    object,
    names,
    record: rule,
    start: { object: first, level: 'read', active: true },
    typed: draft,
    onSaved: onClose,
  })
  const { values, error, missing } = edit
  const target = objects[String(values.object ?? '')]
  const set = (name: string, v: unknown) =>
    draft.set((old) => ({
      ...old,
      [name]: v,
      // Conditions on the fields of another kind of record mean nothing.
      ...(name === 'object' && v !== values.object && { criteria: '' }),
    }))
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
    <FieldRows object={worded} names={which} {...edit.rows} onChange={set} calm={calm} />
  )
  return (
    <EditDrawer
      size="min(760px, 100vw)"
      title={rule ? t('sharing.editTitle', { name: String(rule.name ?? '') }) : t('sharing.add')}
      edit={edit}
      draft={draft}
      onClose={onClose}
      extra={
        rule &&
        can(object, 'delete') && (
          <Button type="text" danger icon={<DeleteOutlined aria-hidden />} onClick={() => erase(rule)}>
            {app('action.delete')}
          </Button>
        )
      }
    >
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
    </EditDrawer>
  )
}
