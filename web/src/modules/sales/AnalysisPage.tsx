import { FunnelPlotOutlined } from '@ant-design/icons'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { Segmented, Select } from 'antd'
import { useTranslation } from 'react-i18next'
import { useObject } from '@/api/catalogue'
import { useRecords } from '@/api/records'
import { type SalesAnalysis, useSalesAnalysis } from '@/api/sales'
import { Page } from '@/ui/Page'
import { ListSkeleton } from '@/ui/Skeletons'
import { EmptyState, ErrorState, NoPermission } from '@/ui/states'
import { Funnel } from './Funnel'
import { type Choice, choiceOf, filterOf, periods } from './filters'
import { KeyFigures } from './KeyFigures'
import { Competitors, LossReasons } from './Losses'
import css from './sales.module.css'

/** How opportunities go through a pipeline: how far, how fast, what is won and why the rest is lost. */
export function AnalysisPage() {
  const { t } = useTranslation('sales')
  const object = useObject('opportunity')
  const navigate = useNavigate()
  const choice = choiceOf(useSearch({ strict: false }) as Record<string, string | undefined>)
  const data = useSalesAnalysis(choice.pipeline, filterOf(choice))
  if (!object?.fields.stage) {
    return (
      <Page title={t('analysis.title')}>
        <NoPermission />
      </Page>
    )
  }
  const set = (change: Partial<Choice>) =>
    void navigate({ to: '/sales/analysis', search: { ...choice, ...change }, replace: true })
  return (
    <Page title={t('analysis.title')} text={t('analysis.noted')}>
      <Tools choice={choice} current={data.data?.pipeline?.id} onChange={set} />
      {data.isError && !data.data ? (
        <ErrorState error={data.error} onRetry={() => void data.refetch()} />
      ) : !data.data ? (
        <ListSkeleton rows={8} columns={6} />
      ) : (
        <Body data={data.data} />
      )}
    </Page>
  )
}

function Body({ data }: { data: SalesAnalysis }) {
  const { t } = useTranslation('sales')
  const icon = <FunnelPlotOutlined aria-hidden />
  if (!data.pipeline) {
    return <EmptyState icon={icon} title={t('analysis.noPipeline')} text={t('analysis.noPipelineText')} />
  }
  if ((data.stages[0]?.reached.count ?? 0) === 0) {
    return <EmptyState icon={icon} title={t('analysis.none')} text={t('analysis.noneText')} />
  }
  return (
    <>
      <KeyFigures data={data} />
      <Funnel data={data} />
      <div className={css.columns}>
        <LossReasons data={data} />
        <Competitors data={data} />
      </div>
      {(data.elsewhere ?? 0) > 0 && (
        <p className={css.noted}>{t('analysis.elsewhere', { count: data.elsewhere })}</p>
      )}
    </>
  )
}

interface ToolsProps {
  choice: Choice
  current: string | undefined
  onChange(change: Partial<Choice>): void
}

function Tools({ choice, current, onChange }: ToolsProps) {
  const { t } = useTranslation('sales')
  const pipelines = useRecords('pipeline', { sort: 'sort_order', limit: 100 })
  const options = (pipelines.data?.pages[0]?.items ?? []).map((p) => ({ value: p.id, label: String(p.name) }))
  return (
    <div className={css.tools}>
      {options.length > 1 && (
        <Select
          aria-label={t('analysis.pipeline')}
          value={choice.pipeline ?? current}
          options={options}
          popupMatchSelectWidth={false}
          onChange={(pipeline) => onChange({ pipeline })}
        />
      )}
      <Select
        aria-label={t('analysis.by')}
        value={choice.by}
        options={[
          { value: 'opened_on' as const, label: t('analysis.byOpened') },
          { value: 'close_date' as const, label: t('analysis.byClosed') },
        ]}
        onChange={(by) => onChange({ by })}
      />
      <Select
        aria-label={t('analysis.period')}
        value={choice.period}
        options={periods.map((value) => ({ value, label: t(`analysis.periods.${value}`) }))}
        popupMatchSelectWidth={false}
        onChange={(period) => onChange({ period })}
      />
      <Segmented<Choice['whose']>
        aria-label={t('analysis.whose')}
        value={choice.whose}
        options={[
          { value: 'all', label: t('analysis.all') },
          { value: 'mine', label: t('analysis.mine') },
        ]}
        onChange={(whose) => onChange({ whose })}
      />
    </div>
  )
}
