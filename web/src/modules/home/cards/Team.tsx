import { TeamOutlined } from '@ant-design/icons'
import { Link } from '@tanstack/react-router'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { useCatalogue } from '@/api/catalogue'
import { type Circle, useCircles, usePeople } from '@/api/people'
import { useAggregate } from '@/api/records'
import { usePreference } from '@/api/session'
import type { RecordData } from '@/api/types'
import { FigureValue } from '@/modules/people/FigureValue'
import { byPerson, type Question, questionsOf, specOf } from '@/modules/people/figures'
import { Avatar } from '@/ui/Avatar'
import { RecordLink } from '@/ui/RecordLink'
import { today } from '@/ui/time'
import { useNow } from '@/ui/useNow'
import type { CardDef, CardProps } from '../card'
import { DeskCard } from '../DeskCard'
import { has } from '../filters'
import css from '../home.module.css'
import { Nothing } from '../Nothing'
import { useLines } from '../useLines'
import { byNeed } from './need'

const nobody: RecordData[] = []

/** A figure of all of them, asked as the page of one's people asks it, so that both share the answer. */
function useColumn(question: Question | undefined, ids: string[], seen: boolean) {
  const asked = useAggregate(question?.object ?? '', question ? specOf(question, ids) : { measures: [] }, {
    enabled: seen && question !== undefined && ids.length > 0,
  })
  const column = useMemo(() => asked.data && byPerson(asked.data), [asked.data])
  return { question, asked, column }
}

/** Who of one's people talks to customers this week, and with whom something is late; who needs a word first. */
function Team({ seen }: CardProps) {
  const lines = useLines()
  const { t } = useTranslation('home')
  const { t: words } = useTranslation('people')
  const { objects } = useCatalogue()
  useNow()
  const day = today()
  const questions = useMemo(() => questionsOf(objects, day), [objects, day])
  const circles = useCircles()
  // As chosen on the page of one's people.
  const [kept] = usePreference<Circle>('people_circle', 'mine')
  const circle = circles?.includes(kept) ? kept : circles?.[0]
  const list = usePeople(seen ? circle : undefined)
  const people = list.data?.items ?? nobody
  const ids = useMemo(() => people.map((p) => p.id), [people])
  const named = (key: Question['key']) => questions.find((q) => q.key === key)
  const columns = [useColumn(named('week'), ids, seen), useColumn(named('overdue'), ids, seen)].filter(
    (c) => c.question !== undefined,
  )
  const count = (column: (typeof columns)[number] | undefined, id: string) =>
    column?.column?.get(id)?.count ?? 0
  const [week, overdue] = (['week', 'overdue'] as const).map((key) =>
    columns.find((c) => c.question?.key === key),
  )
  const first = byNeed(
    people,
    (id) => count(overdue, id),
    (id) => count(week, id),
  ).slice(0, lines - 1)
  const silent = people.filter((p) => count(week, p.id) === 0).length
  return (
    <DeskCard
      title={t('team.title')}
      extra={people.length > 0 && <Link to="/people">{t('team.all', { count: people.length })}</Link>}
      asked={[list, ...(people.length > 0 ? columns.map((c) => c.asked) : [])]}
      empty={
        people.length === 0 && (
          <Nothing icon={<TeamOutlined aria-hidden />} title={words('none')} text={words('noneText')} />
        )
      }
    >
      <p className={css.sums}>
        {week && (
          <span className={css.sum}>
            {silent > 0 ? t('team.silent', { count: silent }) : t('team.nobodySilent')}
          </span>
        )}
      </p>
      <ul className={css.rows}>
        {first.map((person) => {
          const name = String(person.name ?? '')
          return (
            <li key={person.id} className={css.row}>
              <Avatar name={name} size={24} />
              <span className={css.rowMain}>
                <RecordLink object="user" id={person.id} className={css.rowTitle}>
                  {name}
                </RecordLink>
              </span>
              {columns.map(({ question, column }) =>
                question ? (
                  <span key={question.key} className={css.teamFigure}>
                    <span className={css.teamWord}>{words(`figure.${question.key}`)}</span>
                    <FigureValue question={question} person={person.id} column={column} failed={false} />
                  </span>
                ) : null,
              )}
            </li>
          )
        })}
      </ul>
    </DeskCard>
  )
}

export const team: CardDef = {
  id: 'team',
  icon: 'team',
  width: 'wide',
  // Not known yet: the place is kept, so that nothing jumps when it is.
  fits: ({ objects, people }) =>
    people !== false &&
    (has(objects.follow_up, 'owner', 'happened_at') || has(objects.task, 'owner', 'status', 'due_at')),
  View: Team,
}
