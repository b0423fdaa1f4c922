import { LineChartOutlined } from '@ant-design/icons'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { Alert } from 'antd'
import { useTranslation } from 'react-i18next'
import { useCatalogue } from '@/api/catalogue'
import { type Forecast, forecasts, useForecast } from '@/api/targets'
import { PeriodPicker } from '@/modules/targets/PeriodPicker'
import { inAddress, type Period, parsePeriod, periodName, periodOf } from '@/modules/targets/period'
import targets from '@/modules/targets/targets.module.css'
import { useAmountText, usePeriodWord } from '@/modules/targets/words'
import { ListLink } from '@/records/data/nav'
import { formatNumber } from '@/ui/number'
import { Page } from '@/ui/Page'
import { ListSkeleton } from '@/ui/Skeletons'
import { EmptyState, ErrorState, NoPermission } from '@/ui/states'
import { ByMonth } from './ByMonth'
import { ByPerson } from './ByPerson'
import { Course } from './Course'
import { elsewhere, parts } from './figures'
import css from './forecast.module.css'
import { KeyFigures } from './KeyFigures'

/** What is expected to come in, how sure it is, and how that has moved. */
export function ForecastPage() {
  const { t } = useTranslation('forecast')
  const { objects } = useCatalogue()
  const may = forecasts(objects)
  const navigate = useNavigate()
  const search = useSearch({ strict: false }) as { period?: string | number }
  const period = parsePeriod(String(search.period ?? '')) ?? periodOf('quarter')
  const data = useForecast(periodName(period), { enabled: may })
  if (!may) {
    return (
      <Page title={t('title')}>
        <NoPermission text={t('mayNot')} />
      </Page>
    )
  }
  const show = (next: Period) =>
    void navigate({ to: '/forecast', search: { period: inAddress(next) }, replace: true })
  return (
    <Page title={t('title')} text={t('noted')}>
      <div className={targets.tools}>
        <PeriodPicker period={period} onChange={show} />
      </div>
      {data.isError && !data.data ? (
        <ErrorState error={data.error} onRetry={() => void data.refetch()} />
      ) : !data.data ? (
        <ListSkeleton rows={8} columns={6} />
      ) : (
        <div aria-busy={data.isPlaceholderData}>
          <Body data={data.data} />
        </div>
      )}
    </Page>
  )
}

function Body({ data }: { data: Forecast }) {
  const { t } = useTranslation('forecast')
  const word = usePeriodWord()
  const text = useAmountText()
  const period = parsePeriod(data.period) ?? periodOf('quarter')
  const nothing = data.rows.length === 0 && parts.every((part) => data.total[part] === '0')
  return (
    <>
      {data.late.deals > 0 && (
        <Alert
          type="warning"
          showIcon
          className={css.alert}
          title={
            <>
              {t('late', {
                count: data.late.deals,
                shown: formatNumber(data.late.deals),
                amount: text(data.late.amount, 'won_amount', true),
              })}{' '}
              <ListLink
                object="opportunity"
                search={{ filter: data.late.filter, sort: 'close_date' }}
                className={css.inText}
              >
                {t('lateLink')}
              </ListLink>
            </>
          }
        />
      )}
      <KeyFigures data={data} />
      {nothing ? (
        <EmptyState
          icon={<LineChartOutlined aria-hidden />}
          title={t('empty', { period: word(period) })}
          text={t('emptyText')}
        />
      ) : (
        <>
          <div className={css.columns}>
            <ByMonth data={data} period={period} />
            <Course data={data} />
          </div>
          <ByPerson data={data} />
        </>
      )}
      {data.elsewhere > 0 && (
        <p className={css.noted}>
          {t('elsewhere', { count: data.elsewhere, shown: formatNumber(data.elsewhere) })}{' '}
          <ListLink object="opportunity" search={{ filter: elsewhere(data) }} className={css.inText}>
            {t('elsewhereLink')}
          </ListLink>
        </p>
      )}
    </>
  )
}
