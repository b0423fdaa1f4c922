import { App, Button, Popconfirm } from 'antd'
import { useTranslation } from 'react-i18next'
import { useLinkOidc, useOidcIdentity, useUnlinkOidc } from '@/api/signIn'
import { Card } from '@/ui/Page'
import { problemText } from '@/ui/states'
import { RelativeTime } from '@/ui/values'
import css from './account.module.css'

/** The company's identity provider, where there is one. */
export function Provider() {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const identity = useOidcIdentity()
  const link = useLinkOidc()
  const unlink = useUnlinkOidc()
  const label = identity.data?.label
  if (!label) return null
  const failed = (e: unknown) => void message.error(problemText(e) || t('state.failedText'))
  return (
    <Card title={t('oidc.title')}>
      <p className={css.lead}>{t('oidc.text', { label })}</p>
      <div className={css.steps}>
        {identity.data?.since ? (
          <>
            <span>
              {t('oidc.since')} <RelativeTime value={identity.data.since} />
            </span>
            <Popconfirm
              title={t('oidc.unlinkAsk', { label })}
              okText={t('oidc.unlink')}
              okButtonProps={{ danger: true }}
              onConfirm={() =>
                unlink.mutateAsync().then(() => void message.success(t('oidc.unlinked')), failed)
              }
            >
              <Button danger>{t('oidc.unlink')}</Button>
            </Popconfirm>
          </>
        ) : (
          <Button
            loading={link.isPending}
            onClick={() =>
              link.mutate(undefined, { onSuccess: ({ url }) => window.location.assign(url), onError: failed })
            }
          >
            {t('oidc.link')}
          </Button>
        )}
      </div>
    </Card>
  )
}
