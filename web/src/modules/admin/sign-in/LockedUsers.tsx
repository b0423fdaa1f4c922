import { App, Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { useAct } from '@/api/mutations'
import { type LockedUser, useLockedUsers } from '@/api/signIn'
import { Card } from '@/ui/Page'
import { TextSkeleton } from '@/ui/Skeletons'
import { ErrorState } from '@/ui/states'
import { RelativeTime } from '@/ui/values'
import css from './sign-in.module.css'

/** Who has to wait because of wrong tries, and may be let in sooner. */
export function LockedUsers() {
  const { t } = useTranslation('admin')
  const { message } = App.useApp()
  const locked = useLockedUsers({ enabled: true })
  const act = useAct('user')

  const unlock = (user: LockedUser) =>
    act
      .mutateAsync({ id: user.id, action: 'unlock' })
      .then(() => {
        message.success(t('users.unlocked', { name: user.name }))
        return locked.refetch()
      })
      // Told by the shell, with the server's reason.
      .catch(() => {})

  return (
    <Card title={t('signIn.locked')}>
      {locked.isPending && <TextSkeleton lines={1} />}
      {locked.isError && <ErrorState error={locked.error} onRetry={() => void locked.refetch()} compact />}
      {locked.data?.length === 0 && <p className={css.lead}>{t('signIn.nobodyLocked')}</p>}
      {locked.data && locked.data.length > 0 && (
        <ul className={css.list}>
          {locked.data.map((user) => (
            <li key={user.id}>
              <span className={css.who}>
                {user.name}
                <span className={css.facts}>
                  {user.login} · {t('signIn.until')} <RelativeTime value={user.locked_until} />
                </span>
              </span>
              <Button
                size="small"
                aria-label={t('signIn.unlockFor', { name: user.name })}
                onClick={() => void unlock(user)}
              >
                {t('signIn.unlock')}
              </Button>
            </li>
          ))}
        </ul>
      )}
    </Card>
  )
}
