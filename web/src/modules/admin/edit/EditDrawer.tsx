import { Alert, Button, Drawer } from 'antd'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { Draft } from '@/ui/useDraft'
import css from './edit.module.css'
import { Trouble } from './Trouble'
import type { RecordEdit } from './useRecordEdit'

interface Props {
  title: string
  size: string
  edit: RecordEdit
  draft: Draft<Record<string, unknown>>
  /** Without it there is nothing to save. */
  may?: boolean
  extra?: ReactNode
  onClose(): void
  children: ReactNode
}

/** The frame of a record's form at the side: a draft found again, what went wrong, saving. */
export function EditDrawer({ title, size, edit, draft, may = true, extra, onClose, children }: Props) {
  const { t } = useTranslation('admin')
  const { t: app } = useTranslation()
  return (
    <Drawer
      open
      size={size}
      title={title}
      onClose={onClose}
      extra={extra}
      footer={
        may && (
          <div className={css.foot}>
            <Button onClick={onClose}>{app('action.cancel')}</Button>
            <Button type="primary" loading={edit.busy} onClick={() => void edit.save()}>
              {app('action.save')}
            </Button>
          </div>
        )
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
      <Trouble error={edit.trouble} />
      {children}
    </Drawer>
  )
}
