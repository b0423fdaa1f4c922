import { useTranslation } from 'react-i18next'
import { useCatalogue } from '@/api/catalogue'
import { ListLink } from '@/records/data/nav'
import { formatMoney, formatNumber } from '@/ui/number'
import { Bone } from '@/ui/Skeletons'
import { Dash } from '@/ui/values'
import { type Figure, personFilter, type Question } from './figures'
import css from './people.module.css'

interface Props {
  question: Question
  person: string
  /** Absent while it is on its way. */
  column: Map<string, Figure> | undefined
  failed: boolean
}

/** A figure of one person; it opens what it counts. */
export function FigureValue({ question, person, column, failed }: Props) {
  const { t } = useTranslation('people')
  const { workspace } = useCatalogue()
  if (!column) return failed ? <Dash /> : <Bone width={40} />
  const figure = column.get(person)
  const count = figure?.count ?? 0
  if (count === 0) return <span className={css.zero}>0</span>
  const shown = formatNumber(count)
  const alarming = question.key === 'overdue' || question.key === 'idle'
  const money = question.sum !== undefined && (
    <span title={formatMoney(figure?.sum ?? '0', workspace.currency)}>
      {formatMoney(figure?.sum ?? '0', workspace.currency, true)}
    </span>
  )
  return (
    <ListLink
      object={question.object}
      search={{ filter: personFilter(question, person), sort: question.sort }}
      className={`${css.figure} ${alarming ? css.late : ''}`}
    >
      {money ? (
        <>
          {money}
          <span className={css.small}> {t('deals', { shown })}</span>
        </>
      ) : (
        shown
      )}
    </ListLink>
  )
}
