import { Button, Drawer } from 'antd'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { useAggregate } from '@/api/records'
import type { RecordData } from '@/api/types'
import { ListLink, useGo } from '@/records/data/nav'
import { TextSkeleton } from '@/ui/Skeletons'
import { ErrorState } from '@/ui/states'
import { fullTime, today } from '@/ui/time'
import { FigureValue } from './FigureValue'
import { barsOf, dayFilter, daysSpec, daysUntil } from './figures'
import css from './people.module.css'
import type { useFigures } from './useFigures'

const TREND = 30

/** One person closer: follow-ups day by day, and the figures again. */
export function PersonDrawer({
  person,
  data,
  onClose,
}: {
  person: RecordData
  data: ReturnType<typeof useFigures>
  onClose(): void
}) {
  const { t } = useTranslation('people')
  const go = useGo()
  const day = today()
  const days = useMemo(() => daysUntil(day, TREND), [day])
  const rows = useAggregate('follow_up', daysSpec([person.id], TREND), { enabled: data.bars })
  const counts = rows.data ? (barsOf(rows.data, days).get(person.id) ?? days.map(() => 0)) : undefined
  const most = Math.max(0, ...(counts ?? []))
  return (
    <Drawer
      open
      size="min(560px, 100vw)"
      title={String(person.name ?? '')}
      onClose={onClose}
      extra={
        <Button type="text" onClick={() => void go.record('user', person.id)}>
          {t('person.record')}
        </Button>
      }
    >
      {data.bars && (
        <section className={css.part} aria-label={t('person.trend')}>
          <h3>{t('person.trend')}</h3>
          {rows.isError && <ErrorState compact error={rows.error} onRetry={() => void rows.refetch()} />}
          {rows.isPending && <TextSkeleton lines={3} />}
          {counts && most === 0 && <p className={css.quiet}>{t('person.none')}</p>}
          {counts && most > 0 && (
            <>
              <p className={css.quiet}>{t('person.most', { count: most })}</p>
              <ol className={css.days}>
                {counts.map((n, i) => {
                  const on = days[i] ?? day
                  const text = t('person.day', { day: fullTime(on), count: n })
                  const column = (
                    <span
                      className={n > 0 ? css.bar : css.noBar}
                      style={{ height: n > 0 ? `${Math.max(4, (n / most) * 100)}%` : undefined }}
                    />
                  )
                  return (
                    <li key={on} title={text}>
                      {n > 0 ? (
                        <ListLink
                          object="follow_up"
                          search={{ filter: dayFilter(person.id, on), sort: '-happened_at' }}
                          className={css.day}
                        >
                          <span className="gx-visually-hidden">{text}</span>
                          {column}
                        </ListLink>
                      ) : (
                        <span className={css.day}>{column}</span>
                      )}
                    </li>
                  )
                })}
              </ol>
              <p className={css.ends} aria-hidden>
                <span>{fullTime(days[0] ?? day)}</span>
                <span>{fullTime(day)}</span>
              </p>
            </>
          )}
        </section>
      )}
      <section className={css.part} aria-label={t('person.figures')}>
        <h3>{t('person.figures')}</h3>
        <dl className={css.figures}>
          {data.questions.map((q) => (
            <div key={q.key}>
              <dt>{t(`figure.${q.key}`)}</dt>
              <dd>
                <FigureValue
                  question={q}
                  person={person.id}
                  column={data.figures[q.key]}
                  failed={data.failed}
                />
              </dd>
            </div>
          ))}
        </dl>
      </section>
    </Drawer>
  )
}
