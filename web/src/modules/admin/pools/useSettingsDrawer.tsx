import { DeleteOutlined } from '@ant-design/icons'
import { App, Button } from 'antd'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { can } from '@/api/catalogue'
import { useRemove } from '@/api/mutations'
import { refreshMoved } from '@/api/pools'
import { useDraft } from '@/ui/useDraft'
import { useRecordEdit } from '../edit/useRecordEdit'
import type { DrawerProps } from './SettingsPage'

interface Options extends DrawerProps {
  names: string[]
  start: Record<string, unknown>
  words: 'poolSettings' | 'recycleRules' | 'capacities'
  /** Fields that mean nothing any more when the kind of record is another. */
  reset?: string[]
}

/** What the three drawers have in common: a draft, saving, throwing away. */
export function useSettingsDrawer({ object, record, onClose, names, start, words, reset = [] }: Options) {
  const { t } = useTranslation('pools')
  const { t: app } = useTranslation()
  const { modal } = App.useApp()
  const remove = useRemove(object.name)
  const draft = useDraft<Record<string, unknown>>(`${object.name}:${record?.id ?? 'new'}`, {})
  const edit = useRecordEdit({
    object,
    names,
    record,
    start,
    typed: draft,
    onSaved: () => {
      // Who may claim what is another thing now.
      refreshMoved('assign')
      onClose()
    },
  })
  const { values } = edit
  const set = (name: string, v: unknown) =>
    draft.set((old) => ({
      ...old,
      [name]: v,
      ...(name === 'object' && v !== values.object && Object.fromEntries(reset.map((n) => [n, null]))),
    }))
  const name = String(record?.name ?? '')
  const erase = () =>
    record &&
    modal.confirm({
      title: t(`${words}.deleteAsk`, { name }),
      content: t(`${words}.deleteText`),
      okText: app('action.delete'),
      okButtonProps: { danger: true },
      onOk: () =>
        remove
          .mutateAsync({ id: record.id, title: name })
          .then(() => {
            draft.clear()
            refreshMoved('assign')
            onClose()
          })
          // Told by the shell.
          .catch(() => {}),
    })
  const extra: ReactNode = record && can(object, 'delete') && (
    <Button type="text" danger icon={<DeleteOutlined aria-hidden />} onClick={erase}>
      {app('action.delete')}
    </Button>
  )
  return {
    edit,
    set,
    values,
    frame: {
      title: record ? t(`${words}.editTitle`, { name }) : t(`${words}.add`),
      size: 'min(640px, 100vw)',
      edit,
      draft,
      extra,
      onClose,
    },
    restoredAt: draft.restoredAt,
  }
}
