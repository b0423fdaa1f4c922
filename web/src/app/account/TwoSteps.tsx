import { Button } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useTotp } from '@/api/signIn'
import { Card } from '@/ui/Page'
import { TextSkeleton } from '@/ui/Skeletons'
import { ErrorState } from '@/ui/states'
import { RelativeTime } from '@/ui/values'
import css from './account.module.css'
import { TotpDialog, type TotpTask } from './TotpDialog'

export function TwoSteps() {
  const { t } = useTranslation()
  const totp = useTotp()
  const [task, setTask] = useState<TotpTask>()
  const on = totp.data?.since
  return (
    <Card title={t('totp.title')}>
      <p className={css.lead}>{t('totp.text')}</p>
      {totp.isPending && <TextSkeleton lines={1} />}
      {totp.isError && <ErrorState error={totp.error} onRetry={() => void totp.refetch()} compact />}
      {totp.data && (
        <div className={css.steps}>
          {on ? (
            <>
              <span>
                {t('totp.since')} <RelativeTime value={on} />
              </span>
              <span>{t('totp.left', { count: totp.data.recovery_codes_left })}</span>
              <Button onClick={() => setTask('recovery-codes')}>{t('totp.renew')}</Button>
              {totp.data.required ? (
                <span>{t('totp.required')}</span>
              ) : (
                <Button danger onClick={() => setTask('disable')}>
                  {t('totp.turnOff')}
                </Button>
              )}
            </>
          ) : (
            <Button onClick={() => setTask('enrol')}>{t('totp.turnOn')}</Button>
          )}
        </div>
      )}
      {task && <TotpDialog task={task} onClose={() => setTask(undefined)} />}
    </Card>
  )
}
