import { MoreOutlined } from '@ant-design/icons'
import { useNavigate } from '@tanstack/react-router'
import { App, Button, Dropdown, type MenuProps } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { can, useMay } from '@/api/catalogue'
import { useAct } from '@/api/mutations'
import { useViewer } from '@/api/session'
import { useLdapSettings } from '@/api/signIn'
import type { ObjectDef, RecordData } from '@/api/types'
import { kindOf } from '@/fields'
import { Avatar } from '@/ui/Avatar'
import { Chip } from '@/ui/Chip'
import { useLabel } from '@/ui/useLabel'
import { DeactivateDialog } from '../handover/DeactivateDialog'
import css from './admin.module.css'

interface Props {
  object: ObjectDef
  users: RecordData[]
  onEdit(user: RecordData): void
  onPassword(user: RecordData): void
  onRights(user: RecordData): void
}

const columns = ['department', 'position', 'roles', 'mobile'] as const

export function UserTable({ object, users, onEdit, onPassword, onRights }: Props) {
  const { t } = useTranslation('admin')
  const { t: handover } = useTranslation('handover')
  const label = useLabel()
  const { modal, message } = App.useApp()
  const navigate = useNavigate()
  const me = useViewer()
  const act = useAct('user')
  const shown = columns.flatMap((name) => object.fields[name] ?? [])
  const may = can(object, 'update')
  const administers = useMay('administer')
  const directory = useLdapSettings({ enabled: administers })

  const [closing, setClosing] = useState<RecordData>()

  const unlock = (user: RecordData) =>
    act
      .mutateAsync({ id: user.id, action: 'unlock' })
      .then(() => void message.success(t('users.unlocked', { name: String(user.name) })))
      // Told by the shell, with the server's reason.
      .catch(() => {})

  const resetTotp = (user: RecordData) =>
    modal.confirm({
      title: t('users.resetTotpAsk', { name: String(user.name) }),
      content: t('users.resetTotpText'),
      okText: t('users.resetTotp'),
      okButtonProps: { danger: true },
      onOk: () =>
        act
          .mutateAsync({ id: user.id, action: 'reset_totp' })
          .then(() => void message.success(t('users.totpReset', { name: String(user.name) })))
          .catch(() => {}),
    })

  const unlink = (user: RecordData) =>
    modal.confirm({
      title: t('users.unlinkAsk', { name: String(user.name) }),
      content: t('users.unlinkText'),
      okText: t('users.unlink'),
      okButtonProps: { danger: true },
      onOk: () =>
        act
          .mutateAsync({ id: user.id, action: 'unlink_ldap' })
          .then(() => void message.success(t('users.unlinked', { name: String(user.name) })))
          .catch(() => {}),
    })

  const menu = (user: RecordData): MenuProps => ({
    items: [
      { key: 'edit', label: t('users.edit') },
      { key: 'password', label: t('users.setPassword') },
      ...(administers
        ? [
            { key: 'unlock', label: t('users.unlock') },
            { key: 'totp', label: t('users.resetTotp') },
            ...(directory.data?.address ? [{ key: 'unlink', label: t('users.unlink') }] : []),
            { key: 'rights', label: t('users.rights') },
            { key: 'handover', label: handover('menu') },
          ]
        : []),
      { type: 'divider' },
      user.active === false
        ? { key: 'activate', label: t('users.activate') }
        : // Locking oneself out would leave nobody to undo it.
          { key: 'deactivate', label: t('users.deactivate'), danger: true, disabled: user.id === me.id },
    ],
    onClick: ({ key }) => {
      if (key === 'edit') onEdit(user)
      else if (key === 'password') onPassword(user)
      else if (key === 'rights') onRights(user)
      else if (key === 'unlock') unlock(user)
      else if (key === 'totp') resetTotp(user)
      else if (key === 'unlink') unlink(user)
      else if (key === 'handover') {
        void navigate({ to: '/admin/handovers/new/$user', params: { user: user.id } })
      } else if (key === 'activate') act.mutate({ id: user.id, action: key })
      else setClosing(user)
    },
  })

  return (
    <>
      <table className={css.table}>
        <thead>
          <tr>
            <th scope="col">{label(object.fields.name?.label)}</th>
            {shown.map((f) => (
              <th key={f.name} scope="col">
                {label(f.label)}
              </th>
            ))}
            <th scope="col">
              <span className="gx-visually-hidden">{t('actions')}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {users.map((user) => (
            <tr key={user.id} className={user.active === false ? css.off : undefined}>
              <td className={css.who}>
                <Avatar name={String(user.name ?? '')} size={32} />
                <span className={css.names}>
                  {may ? (
                    <button type="button" className={css.name} onClick={() => onEdit(user)}>
                      {String(user.name ?? '')}
                    </button>
                  ) : (
                    <span>{String(user.name ?? '')}</span>
                  )}
                  <span className={css.login}>{String(user.login ?? '')}</span>
                </span>
                {user.active === false && <Chip>{t('users.inactive')}</Chip>}
              </td>
              {shown.map((f) => {
                const { Show, isEmpty } = kindOf(f)
                return (
                  <td
                    key={f.name}
                    data-label={label(f.label)}
                    className={isEmpty(user[f.name]) ? css.void : undefined}
                  >
                    <Show field={f} value={user[f.name]} record={user} compact />
                  </td>
                )
              })}
              <td className={css.tail}>
                {may && (
                  <Dropdown menu={menu(user)} trigger={['click']} placement="bottomRight">
                    <Button
                      type="text"
                      icon={<MoreOutlined aria-hidden />}
                      aria-label={t('users.actionsFor', { name: String(user.name ?? '') })}
                    />
                  </Dropdown>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {closing && <DeactivateDialog user={closing} onClose={() => setClosing(undefined)} />}
    </>
  )
}
