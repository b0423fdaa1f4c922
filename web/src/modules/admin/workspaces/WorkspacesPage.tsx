import { DatabaseOutlined, PlusOutlined } from '@ant-design/icons'
import { App, Button } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useSession } from '@/api/session'
import { type Setup, useWorkspaces, type WorkspaceInfo } from '@/api/workspaces'
import { Page } from '@/ui/Page'
import { ListSkeleton } from '@/ui/Skeletons'
import { EmptyState, ErrorState, NoPermission } from '@/ui/states'
import admin from '../admin.module.css'
import { NewWorkspaceDialog } from './NewWorkspaceDialog'
import { RenameDialog } from './RenameDialog'
import { ResetDialog } from './ResetDialog'
import { SetupLinkDialog } from './SetupLinkDialog'
import { WorkspaceRow } from './WorkspaceRow'

type Open =
  | { what: 'new' }
  | { what: 'rename' | 'reset'; workspace: WorkspaceInfo }
  | { what: 'link'; workspace: WorkspaceInfo; setup: Setup }

/** The workspaces of this server, each fully apart; for the server's administrators. */
export function WorkspacesPage() {
  const { t } = useTranslation('admin')
  const { message } = App.useApp()
  const may = useSession().data?.server_administrator === true
  const list = useWorkspaces({ enabled: may })
  const [open, setOpen] = useState<Open>()
  const close = () => setOpen(undefined)

  if (!may) {
    return (
      <Page title={t('workspaces.title')}>
        <NoPermission />
      </Page>
    )
  }
  const add = (
    <Button type="primary" icon={<PlusOutlined aria-hidden />} onClick={() => setOpen({ what: 'new' })}>
      {t('workspaces.add')}
    </Button>
  )
  // Without sub-domains none has an address of its own.
  const addressed = list.data?.some((w) => w.address !== null) === true
  return (
    <Page
      title={t('workspaces.title')}
      text={list.data ? t('workspaces.count', { count: list.data.length }) : ''}
      actions={add}
    >
      {list.isError && !list.data ? (
        <ErrorState error={list.error} onRetry={() => void list.refetch()} />
      ) : list.isPending ? (
        <ListSkeleton rows={4} columns={5} />
      ) : list.data.length === 0 ? (
        <EmptyState
          icon={<DatabaseOutlined aria-hidden />}
          title={t('workspaces.none')}
          text={t('workspaces.noneText')}
          actions={add}
        />
      ) : (
        <table className={admin.table}>
          <thead>
            <tr>
              <th scope="col">{t('workspaces.workspace')}</th>
              {addressed && <th scope="col">{t('workspaces.address')}</th>}
              <th scope="col">{t('workspaces.users')}</th>
              <th scope="col">{t('workspaces.size')}</th>
              <th scope="col">{t('workspaces.created')}</th>
              <th scope="col">{t('workspaces.listed')}</th>
              <th scope="col">
                <span className="gx-visually-hidden">{t('actions')}</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {list.data.map((workspace) => (
              <WorkspaceRow
                key={workspace.name}
                workspace={workspace}
                addressed={addressed}
                onRename={() => setOpen({ what: 'rename', workspace })}
                onReset={() => setOpen({ what: 'reset', workspace })}
                onSetup={(setup) => setOpen({ what: 'link', workspace, setup })}
              />
            ))}
          </tbody>
        </table>
      )}
      {open?.what === 'new' && (
        <NewWorkspaceDialog
          onClose={close}
          onCreated={({ setup, ...workspace }) => {
            if (setup) return setOpen({ what: 'link', workspace, setup })
            close()
            message.info(t('workspaces.filling', { title: workspace.title || workspace.name }))
          }}
        />
      )}
      {open?.what === 'rename' && <RenameDialog workspace={open.workspace} onClose={close} />}
      {open?.what === 'reset' && <ResetDialog workspace={open.workspace} onClose={close} />}
      {open?.what === 'link' && (
        <SetupLinkDialog workspace={open.workspace} setup={open.setup} onClose={close} />
      )}
    </Page>
  )
}
