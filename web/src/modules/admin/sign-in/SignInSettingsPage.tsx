import { useTranslation } from 'react-i18next'
import { useMay } from '@/api/catalogue'
import { useSignInSettings } from '@/api/signIn'
import { Page } from '@/ui/Page'
import { TextSkeleton } from '@/ui/Skeletons'
import { ErrorState, NoPermission } from '@/ui/states'
import { LdapCard } from './LdapForm'
import { LockedUsers } from './LockedUsers'
import { OidcCard } from './OidcForm'
import { PolicyForm } from './PolicyForm'

/** How one signs in here: what is demanded of passwords, and what happens to those who guess. */
export function SignInSettingsPage() {
  const { t } = useTranslation('admin')
  const may = useMay('administer')
  const settings = useSignInSettings({ enabled: may })
  return (
    <Page title={t('signIn.title')} narrow>
      {!may && <NoPermission />}
      {settings.isError && <ErrorState error={settings.error} onRetry={() => void settings.refetch()} />}
      {may && settings.isPending && <TextSkeleton lines={6} />}
      {may && settings.data && (
        <>
          <PolicyForm settings={settings.data} />
          <LdapCard />
          <OidcCard />
          <LockedUsers />
        </>
      )}
    </Page>
  )
}
