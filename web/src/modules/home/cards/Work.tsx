import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { useWorkDraft } from '@/api/work'
import { Counts } from '@/modules/reports/Counts'
import { Chip } from '@/ui/Chip'
import { today } from '@/ui/time'
import { useNow } from '@/ui/useNow'
import type { CardDef, CardProps } from '../card'
import { DeskCard } from '../DeskCard'
import { has } from '../filters'
import css from '../home.module.css'

/** What one did today beside what is expected, and whether it is reported. */
function Work({ seen }: CardProps) {
  const { t } = useTranslation('home')
  useNow()
  const draft = useWorkDraft({ kind: 'daily', day: today() }, { enabled: seen })
  return (
    <DeskCard
      title={t('work.title')}
      extra={<Link to="/work-reports">{t(draft.data?.sent ? 'work.read' : 'work.write')}</Link>}
      asked={draft}
      empty={false}
    >
      {draft.data && (
        <div className={css.work}>
          {draft.data.sent ? (
            <Chip color="green">{t('work.sent')}</Chip>
          ) : (
            draft.data.expected && <Chip color="orange">{t('work.missing')}</Chip>
          )}
          <Counts counts={draft.data.counts} />
        </div>
      )}
    </DeskCard>
  )
}

export const work: CardDef = {
  id: 'work',
  icon: 'file-done',
  width: 'narrow',
  fits: ({ objects }) => has(objects.work_report, 'owner', 'first_day', 'summary'),
  View: Work,
}
