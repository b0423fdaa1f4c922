import { Link, useParams } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { useHandover } from '@/api/handovers'
import { HandoverRun } from '@/records/handover/HandoverRun'
import { Page } from '@/ui/Page'
import css from './handover.module.css'

/** One handover: its progress while it runs, its result afterwards. */
export function HandoverPage() {
  const { t } = useTranslation('handover')
  const { id } = useParams({ strict: false }) as { id: string }
  const { data } = useHandover(id)
  const title = data?.from
    ? t('wizard.title', { name: data.from.title ?? '' })
    : data
      ? t('list.reassigned')
      : t('action')
  return (
    <Page
      title={title}
      text={
        <Link to="/admin/handovers" className={css.back}>
          {t('list.title')}
        </Link>
      }
      narrow
    >
      <HandoverRun key={id} id={id} />
    </Page>
  )
}
