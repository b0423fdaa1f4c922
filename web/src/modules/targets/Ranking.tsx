import { DownOutlined, RightOutlined } from '@ant-design/icons'
import { Button } from 'antd'
import { Fragment, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useCatalogue } from '@/api/catalogue'
import type { Goal, Progress } from '@/api/targets'
import { Avatar } from '@/ui/Avatar'
import { formatPercent } from '@/ui/number'
import { Dash } from '@/ui/values'
import { Bar } from './Bar'
import { reached, stillOpen } from './figures'
import { Linked } from './GoalCard'
import { Months } from './Months'
import { PaceText } from './PaceText'
import type { Period } from './period'
import css from './targets.module.css'
import { Amount } from './words'

interface Props {
  people: Goal[]
  data: Progress
  period: Period
  label: string
}

/** People by how far they have come; on a phone a card for each. */
export function Ranking({ people, data, period, label }: Props) {
  const { t } = useTranslation('targets')
  const { workspace } = useCatalogue()
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set())
  const { measure, days, days_passed: passed } = data
  const open_ = people.some((goal) => goal.weighted !== null)
  const turn = (id: string) =>
    setOpen((old) => {
      const next = new Set(old)
      if (!next.delete(id)) next.add(id)
      return next
    })
  return (
    <table className={css.table} aria-label={label}>
      <thead>
        <tr>
          <th scope="col" className={css.place}>
            {t('place')}
          </th>
          <th scope="col">{t('person')}</th>
          <th scope="col" className={css.number}>
            {t('target')}
          </th>
          <th scope="col" className={css.number}>
            {t('actual')}
          </th>
          <th scope="col">{t('rate')}</th>
          <th scope="col" className={css.number}>
            {t('gap')}
          </th>
          {open_ && (
            <th scope="col" className={css.number}>
              {t('weighted')}
            </th>
          )}
          <th scope="col">
            <span className="gx-visually-hidden">{t('months')}</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {people.map((goal) => {
          const name = goal.who?.title || t('unknown')
          const shown = open.has(goal.id)
          return (
            <Fragment key={goal.id}>
              <tr>
                <td className={css.place} data-label={t('place')}>
                  {goal.rank === null ? (
                    <Dash />
                  ) : (
                    <span className={goal.rank <= 3 ? css.first : undefined}>{goal.rank}</span>
                  )}
                </td>
                <th scope="row">
                  <span className={css.who}>
                    <Avatar name={name} size={28} />
                    <span className={css.name}>
                      {name}
                      <PaceText goal={goal} passed={passed} days={days} />
                    </span>
                  </span>
                </th>
                <td className={css.number} data-label={t('target')}>
                  <Amount value={goal.target} measure={measure} compact />
                </td>
                <td className={css.number} data-label={t('actual')}>
                  <Linked
                    source={reached(measure, goal, period, workspace.currency)}
                    value={goal.actual}
                    measure={measure}
                  />
                </td>
                <td className={css.rateCell} data-label={t('rate')}>
                  <span className={css.rateValue}>
                    {goal.rate === null ? <Dash /> : formatPercent(goal.rate)}
                  </span>
                  <Bar goal={goal} passed={passed} days={days} />
                </td>
                <td className={css.number} data-label={t('gap')}>
                  <Amount value={goal.gap} measure={measure} compact />
                </td>
                {open_ && (
                  <td className={css.number} data-label={t('weighted')}>
                    <Linked
                      source={stillOpen(goal, period, workspace.currency)}
                      value={goal.weighted}
                      measure={measure}
                    />
                  </td>
                )}
                <td className={css.turn}>
                  <Button
                    type="text"
                    size="small"
                    icon={shown ? <DownOutlined aria-hidden /> : <RightOutlined aria-hidden />}
                    aria-label={t('monthsOf', { name })}
                    aria-expanded={shown}
                    onClick={() => turn(goal.id)}
                  />
                </td>
              </tr>
              {shown && (
                <tr className={css.below}>
                  <td colSpan={open_ ? 8 : 7}>
                    <Months goal={goal} measure={measure} period={period} />
                  </td>
                </tr>
              )}
            </Fragment>
          )
        })}
      </tbody>
    </table>
  )
}
