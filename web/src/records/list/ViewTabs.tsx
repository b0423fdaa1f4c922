import { DownOutlined, PlusOutlined } from '@ant-design/icons'
import { App, Dropdown, Input, type MenuProps, Modal } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useDeleteView, useSaveView } from '@/api/hooks'
import type { ObjectDef, SavedView } from '@/api/types'
import { focusStart } from '@/ui/focusStart'
import { isComposing } from '@/ui/ime'
import { problemText } from '@/ui/states'
import { ALL, type ListState } from '../data/useListState'
import s from './list.module.css'

interface Props {
  object: ObjectDef
  state: ListState
}

/** Personal views as tabs. The one in use can be saved, renamed, made the default or deleted; an edited one says so. */
export function ViewTabs({ object, state }: Props) {
  const { t } = useTranslation('records')
  const { message, modal } = App.useApp()
  const save = useSaveView(object.name)
  const remove = useDeleteView(object.name)
  const [naming, setNaming] = useState<{ id?: string; name: string } | null>(null)
  const { saved, views, view, edited } = state

  const definition = () => ({
    columns: state.columns.map((c) => c.name),
    widths: state.widths,
    filter: view.filter,
    sort: view.sort,
    group: view.group,
  })
  const open = (id: string, kind?: SavedView['kind']) =>
    state.set(
      {
        saved: id,
        view: kind,
        filter: undefined,
        sort: undefined,
        group: undefined,
        q: undefined,
        seek: undefined,
      },
      false,
    )
  const fail = (e: unknown) => void message.error(problemText(e) || t('view.failed'))
  const finish = () => {
    if (!naming?.name.trim()) return
    const body = naming.id
      ? { id: naming.id, name: naming.name.trim() }
      : { name: naming.name.trim(), kind: view.kind, definition: definition(), is_default: false }
    save.mutate(body, {
      onSuccess: (made) => {
        setNaming(null)
        if (!naming.id) open(made.id)
      },
      onError: fail,
    })
  }
  const menu = (v: SavedView): MenuProps['items'] => [
    {
      key: 'save',
      label: t('view.saveChanges'),
      disabled: !edited,
      onClick: () =>
        save.mutate(
          { id: v.id, kind: view.kind, definition: definition() },
          {
            onSuccess: () => {
              state.setColumns({ columns: undefined, widths: undefined })
              open(v.id)
              void message.success(t('view.saved'))
            },
            onError: fail,
          },
        ),
    },
    {
      key: 'reset',
      label: t('view.reset'),
      disabled: !edited,
      onClick: () => {
        state.setColumns({ columns: undefined, widths: undefined })
        open(v.id)
      },
    },
    { type: 'divider' },
    { key: 'rename', label: t('view.rename'), onClick: () => setNaming({ id: v.id, name: v.name }) },
    {
      key: 'default',
      label: v.is_default ? t('view.undefault') : t('view.default'),
      onClick: () => save.mutate({ id: v.id, is_default: !v.is_default }, { onError: fail }),
    },
    {
      key: 'delete',
      danger: true,
      label: t('view.delete'),
      onClick: () =>
        void modal.confirm({
          title: t('view.deleteTitle', { name: v.name }),
          content: t('view.deleteText'),
          okText: t('view.delete'),
          okButtonProps: { danger: true },
          onOk: () =>
            remove
              .mutateAsync(v.id)
              .then(() => open(ALL))
              .catch(fail),
        }),
    },
  ]

  return (
    <nav className={s.tabs} aria-label={t('view.name')}>
      <button
        type="button"
        className={`${s.tab} ${saved ? '' : s.tabOn}`}
        aria-current={!saved || undefined}
        onClick={() => open(ALL)}
      >
        {t('view.all')}
      </button>
      {views.map((v) => {
        const on = v.id === saved?.id
        return on ? (
          <Dropdown key={v.id} menu={{ items: menu(v) }} trigger={['click']}>
            <button type="button" className={`${s.tab} ${s.tabOn}`} aria-current="true" aria-haspopup="menu">
              <span>{v.name}</span>
              {edited && <span title={t('view.edited')}>•</span>}
              <DownOutlined style={{ fontSize: 10 }} aria-hidden />
            </button>
          </Dropdown>
        ) : (
          <button type="button" key={v.id} className={s.tab} onClick={() => open(v.id)}>
            <span>{v.name}</span>
          </button>
        )
      })}
      <button
        type="button"
        className={s.tab}
        onClick={() => setNaming({ name: '' })}
        aria-label={t('view.create')}
        title={t('view.create')}
      >
        <PlusOutlined aria-hidden />
      </button>
      <Modal
        open={naming !== null}
        afterOpenChange={(shown) => shown && focusStart()}
        title={naming?.id ? t('view.rename') : t('view.create')}
        okText={t('view.save')}
        cancelText={t('prompt.cancel')}
        confirmLoading={save.isPending}
        okButtonProps={{ disabled: !naming?.name.trim() }}
        onOk={finish}
        onCancel={() => setNaming(null)}
        destroyOnHidden
        width={420}
      >
        {!naming?.id && <p>{t('view.createText')}</p>}
        <div data-form-start>
          <Input
            maxLength={60}
            value={naming?.name}
            aria-label={t('view.nameLabel')}
            placeholder={t('view.namePlaceholder')}
            onChange={(e) => setNaming({ ...naming, name: e.target.value })}
            onKeyDown={(e) => {
              if (e.key === 'Enter' && !isComposing(e)) finish()
            }}
          />
        </div>
      </Modal>
    </nav>
  )
}
