import { useTranslation } from 'react-i18next'
import { useMay } from '@/api/catalogue'
import { Page } from '@/ui/Page'
import { NoPermission } from '@/ui/states'
import { MailCard } from './MailForm'
import { QueueCard } from './Queue'
import { RobotsCard } from './Robots'

/** How notifications reach people outside the page, and what became of those that were sent. */
export function ChannelsPage() {
  const { t } = useTranslation('admin')
  const may = useMay('administer')
  return (
    <Page title={t('channels.title')} text={t('channels.text')} narrow>
      {may ? (
        <>
          <MailCard />
          <RobotsCard />
          <QueueCard />
        </>
      ) : (
        <NoPermission />
      )}
    </Page>
  )
}
