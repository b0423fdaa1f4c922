import { Button, Divider } from 'antd'
import { useTranslation } from 'react-i18next'
import { url } from '@/api/client'
import { useSignInOffers } from '@/api/signIn'

/** The other way in, where the workspace has one. */
export function ProviderButton({ next }: { next?: string }) {
  const { t } = useTranslation()
  const label = useSignInOffers().data?.oidc?.label
  if (!label) return null
  return (
    <>
      <Divider plain>{t('signIn.or')}</Divider>
      <Button block size="large" href={url('/oidc/start', { next })}>
        {t('signIn.oidc', { label })}
      </Button>
    </>
  )
}
