import dayjs from 'dayjs'
import { type KeyboardEvent, type PointerEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Forecast } from '@/api/targets'
import { useAmountText } from '@/modules/targets/words'
import { compare, portion } from '@/ui/exact'
import { Card } from '@/ui/Page'
import { fullTime, today } from '@/ui/time'
import { useNow } from '@/ui/useNow'
import { across, course, type Line, lines, moved, type Point } from './figures'
import css from './forecast.module.css'

/** Steps: between two notes it stood still. */
function path(points: Point[], line: Line, top: string): string {
  return points
    .map((p, i) => {
      const [x, y] = [across(p.day, points), 100 - portion(p.at[line], top)]
      return i === 0 ? `M${x} ${y}` : `H${x}V${y}`
    })
    .join('')
}

/** How the forecast has moved, day by day, beside the target. */
export function Course({ data }: { data: Forecast }) {
  const { t } = useTranslation('forecast')
  const text = useAmountText()
  useNow()
  const day = today()
  const points = course(data, day)
  const [at, setAt] = useState<number>()
  const chosen = points[Math.min(at ?? points.length - 1, points.length - 1)]
  const { target } = data.total
  const all = [...points.flatMap((p) => lines.map((line) => p.at[line])), target ?? '0']
  const top = all.reduce((a, b) => (compare(b, a) > 0 ? b : a), '0')
  const said = chosen
    ? t('stood', {
        day: fullTime(chosen.day),
        parts: lines
          .map((line) =>
            t('partSaid', { part: t(`line.${line}`), amount: text(chosen.at[line], 'won_amount', true) }),
          )
          .join(t('comma')),
      })
    : ''
  const point = (e: PointerEvent<HTMLDivElement>) => {
    const box = e.currentTarget.getBoundingClientRect()
    const x = ((e.clientX - box.left) / Math.max(1, box.width)) * 100
    const after = points.findIndex((p) => across(p.day, points) > x)
    setAt(after < 0 ? points.length - 1 : Math.max(0, after - 1))
  }
  const keyDown = (e: KeyboardEvent) => {
    const step = { ArrowLeft: -1, ArrowRight: 1, Home: -points.length, End: points.length }[e.key]
    if (step === undefined) return
    e.preventDefault()
    setAt((old) => Math.min(points.length - 1, Math.max(0, (old ?? points.length - 1) + step)))
  }
  const goal = target === null ? undefined : 100 - portion(target, top)
  return (
    <Card title={t('course')} extra={chosen && fullTime(chosen.day)}>
      {points.length < 2 ? (
        <p className={css.noted}>{t('noCourse')}</p>
      ) : (
        <>
          <div
            className={css.chart}
            role="slider"
            tabIndex={0}
            aria-label={t('course')}
            aria-valuemin={0}
            aria-valuemax={points.length - 1}
            aria-valuenow={at ?? points.length - 1}
            aria-valuetext={said}
            onPointerMove={point}
            onPointerDown={point}
            onPointerLeave={() => setAt(undefined)}
            onKeyDown={keyDown}
          >
            <svg viewBox="0 0 100 100" preserveAspectRatio="none" aria-hidden>
              {goal !== undefined && <line x1="0" x2="100" y1={goal} y2={goal} className={css.goalLine} />}
              {lines.map((line) => (
                <path
                  key={line}
                  d={path(points, line, top)}
                  className={`${css.line} ${css[`line_${line}`]}`}
                />
              ))}
              {chosen && at !== undefined && (
                <line
                  x1={across(chosen.day, points)}
                  x2={across(chosen.day, points)}
                  y1="0"
                  y2="100"
                  className={css.cursor}
                />
              )}
            </svg>
            <span className={css.top} aria-hidden>
              {text(top, 'won_amount', true)}
            </span>
          </div>
          <p className={css.ends} aria-hidden>
            <span>{dayjs(points[0]?.day).format(t('dayFormat'))}</span>
            <span>{t('today')}</span>
          </p>
          <dl className={css.lines}>
            {lines.map((line) => (
              <div key={line}>
                <dt>
                  <span className={`${css.key} ${css[`key_${line}`]}`} aria-hidden />
                  {t(`line.${line}`)}
                </dt>
                <dd>{chosen && text(chosen.at[line], 'won_amount', true)}</dd>
              </div>
            ))}
            {target !== null && (
              <div>
                <dt>
                  <span className={`${css.key} ${css.key_target}`} aria-hidden />
                  {t('target')}
                </dt>
                <dd>{text(target, 'won_amount', true)}</dd>
              </div>
            )}
          </dl>
        </>
      )}
      <Moves data={data} day={day} />
    </Card>
  )
}

/** The last week in words. */
function Moves({ data, day }: { data: Forecast; day: string }) {
  const { t } = useTranslation('forecast')
  const text = useAmountText()
  const week = moved(data, day)
  if (!week) return null
  const since = dayjs(week.since).format(t('dayFormat'))
  return (
    <div className={css.moves}>
      <h3>{t('moves', { since })}</h3>
      {week.moves.length === 0 ? (
        <p className={css.noted}>{t('still')}</p>
      ) : (
        <ul>
          {week.moves.map(({ part, up, by }) => (
            <li key={part}>
              {t(up ? 'moreBy' : 'lessBy', { part: t(`part.${part}`), by: text(by, 'won_amount', true) })}
            </li>
          ))}
        </ul>
      )}
    </div>
  )
}
