import { MoreOutlined } from '@ant-design/icons'
import { App, Button, Dropdown, type MenuProps, Switch } from 'antd'
import { useTranslation } from 'react-i18next'
import { type Setup, signInLink, useChangeWorkspace, useNewSetup, type WorkspaceInfo } from '@/api/workspaces'
import { Avatar } from '@/ui/Avatar'
import { Chip } from '@/ui/Chip'
import { copyText } from '@/ui/copy'
import { formatNumber, formatSize } from '@/ui/number'
import { problemText } from '@/ui/states'
import { Dash, RelativeTime } from '@/ui/values'
import admin from '../admin.module.css'
import css from './workspaces.module.css'

interface Props {
  workspace: WorkspaceInfo
  /** There is a column of addresses. */
  addressed: boolean
  onRename(): void
  onReset(): void
  onSetup(setup: Setup): void
}

const colours = { archived: undefined, busy: 'blue', failed: 'red' } as const

export function WorkspaceRow({ workspace, addressed, onRename, onReset, onSetup }: Props) {
  const { t } = useTranslation('admin')
  const { t: app } = useTranslation()
  const { modal, message } = App.useApp()
  const change = useChangeWorkspace()
  const setup = useNewSetup()
  const { name, home, demo, archived, listed, address, users, bytes, state, problem } = workspace
  const title = workspace.title || name
  const tell = (e: unknown) => void message.error(problemText(e) || app('state.failedText'))

  const archive = () =>
    modal.confirm({
      title: t('workspaces.archiveAsk', { title }),
      content: t('workspaces.archiveText'),
      okText: t('workspaces.archive'),
      okButtonProps: { danger: true },
      onOk: () =>
        change
          .mutateAsync({ workspace, changes: { archived: true } })
          .then(() => void message.success(t('workspaces.archivedNow', { title })))
          .catch(tell),
    })
  const restore = () =>
    change.mutate(
      { workspace, changes: { archived: false } },
      { onSuccess: () => void message.success(t('workspaces.restored', { title })), onError: tell },
    )
  const copy = async () => {
    if (await copyText(signInLink(workspace))) message.success(app('action.copied'))
  }

  const open = state === 'open'
  const items: MenuProps['items'] = [
    { key: 'rename', label: t('workspaces.rename') },
    ...(open && !home
      ? [
          { key: 'copy', label: t('workspaces.copyAddress') },
          { key: 'setup', label: t('workspaces.newSetup') },
        ]
      : []),
    ...(home ? [] : [{ type: 'divider' as const }]),
    ...(demo && !home && !archived ? [{ key: 'reset', label: t('workspaces.reset'), danger: true }] : []),
    ...(home
      ? []
      : archived
        ? [{ key: 'restore', label: t('workspaces.restore') }]
        : [{ key: 'archive', label: t('workspaces.archive'), danger: true }]),
  ]
  const run: Record<string, () => void> = {
    rename: onRename,
    copy: () => void copy(),
    setup: () => setup.mutate(workspace, { onSuccess: onSetup, onError: tell }),
    reset: onReset,
    archive,
    restore,
  }

  return (
    <tr className={archived ? admin.off : undefined}>
      <td className={admin.who}>
        <Avatar name={title} size={32} />
        <span className={css.names}>
          <span className={css.line}>
            <button type="button" className={admin.name} onClick={onRename}>
              {title}
            </button>
            {home && <Chip>{t('workspaces.home')}</Chip>}
            {demo && <Chip color="gold">{app('nav.demo')}</Chip>}
            {!open && <Chip color={colours[state]}>{t(`workspaces.state.${state}`)}</Chip>}
          </span>
          <span className={admin.login}>{name}</span>
          {problem && (
            <span className={css.problem} role="alert">
              {problem}
            </span>
          )}
        </span>
      </td>
      {addressed && (
        <td data-label={t('workspaces.address')} className={address ? css.address : admin.void}>
          {address ? <a href={address}>{address.replace(/^https?:\/\//, '')}</a> : <Dash />}
        </td>
      )}
      <td data-label={t('workspaces.users')} className={css.figure}>
        {users === null ? <Dash /> : formatNumber(users)}
      </td>
      <td data-label={t('workspaces.size')} className={css.figure}>
        {bytes === null ? <Dash /> : formatSize(bytes)}
      </td>
      <td data-label={t('workspaces.created')}>
        <RelativeTime value={workspace.created_at} />
      </td>
      <td data-label={t('workspaces.listed')}>
        <Switch
          size="small"
          checked={listed}
          disabled={archived}
          loading={change.isPending && change.variables.changes.listed !== undefined}
          aria-label={t('workspaces.listedFor', { title })}
          onChange={(on) => change.mutate({ workspace, changes: { listed: on } }, { onError: tell })}
        />
      </td>
      <td className={admin.tail}>
        <Dropdown
          menu={{ items, onClick: ({ key }) => run[key]?.() }}
          trigger={['click']}
          placement="bottomRight"
          disabled={state === 'busy'}
        >
          <Button
            type="text"
            loading={setup.isPending}
            icon={<MoreOutlined aria-hidden />}
            aria-label={t('workspaces.actionsFor', { title })}
          />
        </Dropdown>
      </td>
    </tr>
  )
}
