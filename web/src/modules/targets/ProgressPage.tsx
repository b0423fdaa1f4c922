import { AimOutlined, EditOutlined } from '@ant-design/icons'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { can, useObject } from '@/api/catalogue'
import { useRecord } from '@/api/records'
import { useViewer } from '@/api/session'
import { measures, type Progress, useProgress } from '@/api/targets'
import { formatNumber } from '@/ui/number'
import { Card, Page } from '@/ui/Page'
import { ListSkeleton } from '@/ui/Skeletons'
import { EmptyState, ErrorState, NoPermission } from '@/ui/states'
import { useLabel } from '@/ui/useLabel'
import { type Group, grouped } from './figures'
import { GoalCard } from './GoalCard'
import { inAddress, type Period, parsePeriod, periodName, periodOf } from './period'
import { Ranking } from './Ranking'
import { type Choice, Tools } from './Tools'
import css from './targets.module.css'
import { usePeriodWord } from './words'

export interface TargetsSearch {
  period?: string | number
  measure?: string
  product?: string
  mine?: boolean
}

function choiceOf(search: TargetsSearch): Choice {
  return {
    period: parsePeriod(String(search.period ?? '')) ?? periodOf('quarter'),
    measure: measures.find((m) => m === search.measure) ?? 'won_amount',
    product: search.product,
    mine: search.mine === true,
  }
}

/** How far targets are reached: the company's, the departments', and people in their order. */
export function ProgressPage() {
  const { t } = useTranslation('targets')
  const object = useObject('target')
  const navigate = useNavigate()
  const choice = choiceOf(useSearch({ strict: false }) as TargetsSearch)
  const { period, measure, product, mine } = choice
  const data = useProgress(
    { period: periodName(period), measure, product, mine },
    { enabled: object !== undefined },
  )
  const chosen = useRecord('product', product)
  if (!object) {
    return (
      <Page title={t('title')}>
        <NoPermission />
      </Page>
    )
  }
  const set = (change: Partial<Choice>) => {
    const next = { ...choice, ...change }
    void navigate({
      to: '/targets',
      search: { ...next, period: inAddress(next.period), mine: next.mine || undefined },
      replace: true,
    })
  }
  const edit = can(object, 'create') && (
    <Link to="/targets/edit" search={{ year: period.year, measure, product }} className={css.setting}>
      <EditOutlined aria-hidden /> {t('set')}
    </Link>
  )
  return (
    <Page title={t('title')} actions={edit}>
      <Tools
        choice={choice}
        product={
          product ? { id: product, title: chosen.data ? String(chosen.data.name ?? '') : null } : undefined
        }
        onChange={set}
      />
      {data.isError && !data.data ? (
        <ErrorState error={data.error} onRetry={() => void data.refetch()} />
      ) : !data.data ? (
        <ListSkeleton rows={8} columns={6} />
      ) : data.data.rows.length === 0 ? (
        <Nothing choice={choice} />
      ) : (
        <div aria-busy={data.isPlaceholderData}>
          <Body data={data.data} />
        </div>
      )}
    </Page>
  )
}

function Nothing({ choice }: { choice: Choice }) {
  const { t } = useTranslation('targets')
  const may = can(useObject('target'), 'create')
  const word = usePeriodWord()
  const { period, measure, product, mine } = choice
  return (
    <EmptyState
      icon={<AimOutlined aria-hidden />}
      title={t(mine ? 'empty.mine' : 'empty.title', { period: word(period) })}
      text={t(may ? 'empty.may' : 'empty.others')}
      actions={
        may && (
          <Link to="/targets/edit" search={{ year: period.year, measure, product }} className={css.setting}>
            {t('set')}
          </Link>
        )
      }
    />
  )
}

function Body({ data }: { data: Progress }) {
  const { t } = useTranslation('targets')
  const period = parsePeriod(data.period) ?? periodOf('quarter')
  const groups = grouped(data.rows)
  const { id } = useViewer()
  // Whoever sees nobody else wants his own, large.
  const alone = data.rows.every((row) => row.level === 'person' && row.who?.id === id)
  if (alone) {
    return (
      <div className={css.own}>
        {data.rows.map((goal) => (
          <GoalCard
            key={goal.id}
            goal={goal}
            data={data}
            period={period}
            title={goal.product ? t('mineOf', { product: goal.product.title ?? '' }) : t('mine')}
            large
          />
        ))}
      </div>
    )
  }
  return groups.map((group) => (
    <Groups
      key={group.product?.id ?? ''}
      group={group}
      data={data}
      period={period}
      several={groups.length > 1}
    />
  ))
}

interface GroupProps {
  group: Group
  data: Progress
  period: Period
  several: boolean
}

function Groups({ group, data, period, several }: GroupProps) {
  const { t } = useTranslation('targets')
  const label = useLabel()
  const measure = useObject('target')?.fields.measure?.options?.find((o) => o.value === data.measure)
  const { product, wholes, people } = group
  const name = product?.title ?? (several ? t('noProduct') : undefined)
  return (
    <section className={css.group} aria-label={name ?? label(measure?.label)}>
      {name && <h2 className={css.groupName}>{name}</h2>}
      {wholes.length > 0 && (
        <div className={css.cards}>
          {wholes.map((goal) => (
            <GoalCard
              key={goal.id}
              goal={goal}
              data={data}
              period={period}
              title={goal.level === 'company' ? t('company') : goal.who?.title || t('unknown')}
            />
          ))}
        </div>
      )}
      {people.length > 0 && (
        <Card
          title={t('ranking')}
          extra={t('people', { count: people.length, shown: formatNumber(people.length) })}
          flush
        >
          <div className={css.scroll}>
            <Ranking
              people={people}
              data={data}
              period={period}
              label={name ? `${t('ranking')} · ${name}` : t('ranking')}
            />
          </div>
        </Card>
      )}
    </section>
  )
}
