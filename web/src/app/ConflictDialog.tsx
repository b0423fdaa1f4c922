import { Button, Modal } from 'antd'
import { Fragment } from 'react'
import { useTranslation } from 'react-i18next'
import { useObject } from '@/api/catalogue'
import { useUpdate } from '@/api/mutations'
import { kindOf } from '@/fields/registry'
import { useLabel } from '@/ui/useLabel'
import css from './app.module.css'
import type { Conflict } from './Feedback'

/** Two people changed the same value of the same record. Nothing is overwritten before one of them has looked. */
export default function ConflictDialog({ conflict, onClose }: { conflict: Conflict; onClose(): void }) {
  const { t } = useTranslation()
  const label = useLabel()
  const object = useObject(conflict.object)
  const update = useUpdate(conflict.object)
  const { current, mine } = conflict

  const show = (name: string, value: unknown) => {
    const field = object?.fields[name]
    if (!field) return null
    const { Show, isEmpty } = kindOf(field)
    return isEmpty(value) ? t('conflict.empty') : <Show field={field} value={value} record={current} />
  }

  return (
    <Modal
      open
      onCancel={onClose}
      title={t('conflict.title')}
      footer={[
        <Button key="theirs" onClick={onClose}>
          {t('conflict.keepTheirs')}
        </Button>,
        <Button
          key="mine"
          type="primary"
          loading={update.isPending}
          onClick={() => update.mutate({ record: current, values: mine }, { onSettled: onClose })}
        >
          {t('conflict.keepMine')}
        </Button>,
      ]}
    >
      <div className={css.conflict}>
        <p style={{ margin: 0 }}>{t('conflict.text')}</p>
        <dl className={css.versions}>
          <dt />
          <dt>{t('conflict.theirs')}</dt>
          <dt>{t('conflict.mine')}</dt>
          {Object.entries(mine).map(([name, value]) => (
            <Fragment key={name}>
              <dt>{label(object?.fields[name]?.label, name)}</dt>
              <dd>{show(name, current[name])}</dd>
              <dd>{show(name, value)}</dd>
            </Fragment>
          ))}
        </dl>
      </div>
    </Modal>
  )
}
