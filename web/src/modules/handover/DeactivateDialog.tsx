import { useNavigate } from '@tanstack/react-router'
import { Button, Modal } from 'antd'
import { useTranslation } from 'react-i18next'
import { useHoldings } from '@/api/handovers'
import { useAct } from '@/api/mutations'
import type { RecordData } from '@/api/types'
import { formatNumber } from '@/ui/number'
import { TextSkeleton } from '@/ui/Skeletons'
import css from './handover.module.css'
import { linesOf } from './plan'
import { useHoldingLabel } from './useHoldingLabel'

/** Before an account is closed: what is still his, and handing it over as the better way. */
export function DeactivateDialog({ user, onClose }: { user: RecordData; onClose(): void }) {
  const { t } = useTranslation('handover')
  const { t: admin } = useTranslation('admin')
  const { t: app } = useTranslation()
  const navigate = useNavigate()
  const lineName = useHoldingLabel()
  const act = useAct('user')
  const holdings = useHoldings(user.id)
  const name = String(user.name ?? '')
  const lines = holdings.data ? linesOf(holdings.data) : { records: [], places: [] }
  const held = [...lines.records.filter((item) => !item.stays), ...lines.places]
  const close = () => act.mutate({ id: user.id, action: 'deactivate' }, { onSuccess: onClose })
  return (
    <Modal
      open
      width={480}
      title={admin('users.deactivateAsk', { name })}
      onCancel={onClose}
      footer={
        <>
          <Button onClick={onClose}>{app('action.cancel')}</Button>
          <Button
            danger
            type={held.length > 0 ? 'default' : 'primary'}
            loading={act.isPending}
            onClick={close}
          >
            {t(held.length > 0 ? 'deactivate.only' : 'deactivate.now')}
          </Button>
          {held.length > 0 && (
            <Button
              type="primary"
              onClick={() =>
                void navigate({
                  to: '/admin/handovers/new/$user',
                  params: { user: user.id },
                  search: { deactivate: true },
                })
              }
            >
              {t('deactivate.first')}
            </Button>
          )}
        </>
      }
    >
      {holdings.isPending && <TextSkeleton lines={3} />}
      {held.length > 0 && (
        <>
          <p>{t('deactivate.held', { name })}</p>
          <ul className={css.held}>
            {held.map((item) => (
              <li key={`${item.object}.${item.field}`}>
                {lineName(item)} <span className={css.share}>{formatNumber(item.count)}</span>
              </li>
            ))}
          </ul>
        </>
      )}
      <p>{admin('users.deactivateText')}</p>
    </Modal>
  )
}
