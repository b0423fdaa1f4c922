import { DeleteOutlined, RollbackOutlined } from '@ant-design/icons'
import { Alert, App, Button, Form } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type ApiError, isApiError } from '@/api/client'
import { same, useRemove, useUpdate } from '@/api/mutations'
import { type Rights, refreshRoles } from '@/api/roles'
import type { ObjectDef, RecordData } from '@/api/types'
import { Chip } from '@/ui/Chip'
import { problemText } from '@/ui/states'
import { useDraft } from '@/ui/useDraft'
import { FieldRows, missingOf } from '../FieldRows'
import { AbilityChoices } from './AbilityChoices'
import { MenuModules } from './MenuModules'
import { Networks } from './Networks'
import { RightsMatrix } from './RightsMatrix'
import { sameRights, tidy } from './rights'
import css from './roles.module.css'
import { useReasonText } from './useReasonText'
import { useRoleName } from './useRoleWords'

interface Props {
  object: ObjectDef
  role: RecordData
  /** As they are in force. */
  rights: Rights
  onGone(): void
}

interface Edits {
  values?: Record<string, unknown>
  rights?: Rights
}

const names = ['name', 'name_en', 'description']

/** One role: what it is called and all it may do. Nothing holds before it is saved; what is not saved is kept as a draft. */
export function RoleDesigner({ object, role, rights: inForce, onGone }: Props) {
  const { t } = useTranslation('admin')
  const { t: app } = useTranslation()
  const { modal } = App.useApp()
  const name = useRoleName()
  const reason = useReasonText()
  const update = useUpdate('role')
  const remove = useRemove('role')
  const draft = useDraft<Edits>(`role:${role.id}`, {})
  const [error, setError] = useState<ApiError | null>(null)
  const [missing, setMissing] = useState<string[]>([])

  const fixed = role.code === 'administrator'
  const values = { ...role, ...draft.value.values }
  const rights = draft.value.rights ?? inForce
  const changed = Object.fromEntries(
    Object.entries(draft.value.values ?? {}).filter(([n, v]) => !same(v, role[n])),
  )
  const rightsChanged = !sameRights(rights, inForce)
  const dirty = rightsChanged || Object.keys(changed).length > 0
  const setRights = (next: Rights) => draft.set((old) => ({ ...old, rights: next }))

  const send = async (wanted: Record<string, unknown>) => {
    setError(null)
    try {
      await update.mutateAsync({ record: role, values: wanted, quiet: true })
      await refreshRoles()
      draft.clear()
    } catch (e) {
      if (!isApiError(e)) throw e
      setError(e)
    }
  }
  const save = () => {
    const empty = missingOf(object, names, values)
    setMissing(empty)
    if (empty.length > 0) return
    void send({ ...changed, ...(rightsChanged && { rights: JSON.stringify(tidy(rights)) }) })
  }
  const drop = () => {
    draft.clear()
    setError(null)
    setMissing([])
  }
  const reset = () =>
    modal.confirm({
      title: t('roles.resetAsk', { name: name(role) }),
      content: t('roles.resetText'),
      okText: t('roles.reset'),
      onOk: () => send({ rights: null }),
    })
  const erase = () =>
    modal.confirm({
      title: t('roles.deleteAsk', { name: name(role) }),
      content: t('roles.deleteText'),
      okText: app('action.delete'),
      okButtonProps: { danger: true },
      onOk: () =>
        remove
          .mutateAsync({ id: role.id, title: name(role) })
          .then(() => {
            draft.clear()
            onGone()
          })
          // Told by the shell, with the server's reason.
          .catch(() => {}),
    })

  const reasons = error?.problem.errors?.filter((e) => !names.includes(e.field)) ?? []
  return (
    <>
      <div className={css.head}>
        <h2>{name(role)}</h2>
        <span className={css.code}>{String(role.code)}</span>
        {role.built_in === true && <Chip>{t('roles.builtIn')}</Chip>}
        <span className={css.grow} />
        {role.built_in === true && role.rights != null && (
          <Button type="text" icon={<RollbackOutlined aria-hidden />} onClick={reset}>
            {t('roles.reset')}
          </Button>
        )}
        {role.built_in !== true && (
          <Button type="text" danger icon={<DeleteOutlined aria-hidden />} onClick={erase}>
            {t('roles.delete')}
          </Button>
        )}
      </div>
      {fixed && <Alert type="info" showIcon className={css.note} title={t('roles.fixed')} />}
      {draft.restoredAt && dirty && (
        <Alert type="info" showIcon className={css.note} title={t('draft.restored')} />
      )}
      <Form layout="vertical" component={false}>
        <div className={css.names}>
          <FieldRows
            object={object}
            names={names}
            values={values}
            onChange={(n, v) => draft.set((old) => ({ ...old, values: { ...old.values, [n]: v } }))}
            error={error}
            missing={missing}
            disabled={fixed}
            calm
          />
        </div>
      </Form>
      <RightsMatrix rights={rights} onChange={setRights} disabled={fixed} />
      <AbilityChoices
        title={t('roles.abilities')}
        text={t('roles.abilitiesText')}
        value={rights.abilities}
        onChange={(abilities) => setRights({ ...rights, abilities })}
        disabled={fixed}
      />
      <Networks rights={rights} onChange={setRights} disabled={fixed} />
      <MenuModules rights={rights} onChange={setRights} disabled={fixed} />
      {(dirty || error) && (
        <div className={css.bar}>
          {error && (reasons.length > 0 || !error.problem.errors?.length) && (
            <Alert
              type="error"
              showIcon
              role="alert"
              className={css.barError}
              title={
                reasons.length > 0 ? app('feedback.notSaved') : problemText(error) || app('feedback.notSaved')
              }
              description={
                reasons.length > 0 && (
                  <ul className={css.reasons}>
                    {reasons.map((e) => (
                      <li key={e.message}>{reason(e.message)}</li>
                    ))}
                  </ul>
                )
              }
            />
          )}
          <span className={css.grow}>{t('roles.unsaved')}</span>
          <Button onClick={drop}>{t('draft.discard')}</Button>
          <Button type="primary" loading={update.isPending} disabled={!dirty} onClick={save}>
            {app('action.save')}
          </Button>
        </div>
      )}
    </>
  )
}
