import { Button, Divider } from 'antd'
import { useTranslation } from 'react-i18next'
import { url } from '@/api/client'
import { enterWorkspace } from '@/api/workspace'

interface Props {
  /** What the provider is called; nothing where there is none. */
  label: string | undefined
  next?: string
  workspace?: string
}

/** The other way in, where the workspace has one. */
export function ProviderButton({ label, next, workspace }: Props) {
  const { t } = useTranslation()
  if (!label) return null
  return (
    <>
      <Divider plain>{t('signIn.or')}</Divider>
      <Button
        block
        size="large"
        href={url('/oidc/start', { next, workspace })}
        // One comes back signed in there: this tab must not ask for the one it was in before.
        onClick={() => enterWorkspace(workspace)}
      >
        {t('signIn.oidc', { label })}
      </Button>
    </>
  )
}
