import { useNavigate, useSearch } from '@tanstack/react-router'
import { Segmented } from 'antd'
import { useTranslation } from 'react-i18next'
import { useObject } from '@/api/catalogue'
import { useHasPeople } from '@/api/people'
import { reportKinds, useWorkTeam } from '@/api/work'
import { Page } from '@/ui/Page'
import page from '@/ui/page.module.css'
import { NoPermission } from '@/ui/states'
import { today } from '@/ui/time'
import { Feed } from './Feed'
import { SpanPicker } from './SpanPicker'
import { TeamTable } from './TeamTable'
import { Write } from './Write'

const views = ['write', 'feed', 'team'] as const
type View = (typeof views)[number]

export interface WorkSearch {
  view?: string
  kind?: string
  day?: string
}

/** One's own report, what others reported, and who has not. */
export function WorkPage() {
  const { t } = useTranslation('work')
  const object = useObject('work_report')
  const navigate = useNavigate()
  const search = useSearch({ strict: false }) as WorkSearch
  const kind = reportKinds.find((k) => k === search.kind) ?? 'daily'
  const day = search.day ?? today()
  const view = views.find((v) => v === search.view) ?? 'write'
  const team = useWorkTeam({ kind, day }, { enabled: object !== undefined && view === 'team' })
  // Whoever leads nobody has nothing to compare.
  const leads = useHasPeople()
  if (!object) {
    return (
      <Page title={t('title')}>
        <NoPermission />
      </Page>
    )
  }
  const set = (change: WorkSearch) => {
    const next = { view, kind, day, ...change }
    void navigate({
      to: '/work-reports',
      search: {
        view: next.view === 'write' ? undefined : next.view,
        kind: next.kind === 'daily' ? undefined : next.kind,
        day: next.day === today() ? undefined : next.day,
      },
      replace: true,
    })
  }
  const offered = views.filter((v) => v !== 'team' || leads || view === 'team')
  return (
    <Page
      title={t('title')}
      actions={
        <Segmented<View>
          aria-label={t('view.label')}
          value={view}
          options={offered.map((v) => ({ value: v, label: t(`view.${v}`) }))}
          onChange={(next) => set({ view: next })}
        />
      }
    >
      {view !== 'feed' && (
        <div className={page.tools}>
          <SpanPicker kind={kind} day={day} onChange={set} />
        </div>
      )}
      {view === 'write' ? (
        <Write kind={kind} day={day} />
      ) : view === 'team' ? (
        <TeamTable team={team} />
      ) : (
        <Feed />
      )}
    </Page>
  )
}
