import { useQueries } from '@tanstack/react-query'
import { useMemo } from 'react'
import { useCatalogue } from '@/api/catalogue'
import { inCurrency } from '@/api/currencies'
import { aggregateQuery } from '@/api/records'
import { today } from '@/ui/time'
import { useNow } from '@/ui/useNow'
import { byPerson, DAYS, daysUntil, type Figure, type FigureKey, questionsOf, specOf } from './figures'

export type Figures = Partial<Record<FigureKey, Map<string, Figure>>>

/** All figures of all people, in one request for each column. A column that is not here yet is absent. */
export function useFigures(people: { id: string }[]) {
  const { objects, workspace } = useCatalogue()
  useNow()
  const day = today()
  const questions = useMemo(() => questionsOf(objects, day), [objects, day])
  const days = useMemo(() => daysUntil(day, DAYS), [day])
  const ids = useMemo(() => people.map((p) => p.id), [people])
  const bars = questions.some((q) => q.key === 'today')
  const asked = questions.map((q) => ({
    ...aggregateQuery(q.object, specOf(q, ids)),
    enabled: ids.length > 0,
  }))
  const answers = useQueries({ queries: asked })
  const stamp = answers.map((a) => a.dataUpdatedAt).join()
  // biome-ignore lint/correctness/useExhaustiveDependencies: the stamp stands for the answers, whose array is new each time
  const figures = useMemo(() => {
    const figures: Figures = {}
    questions.forEach((q, i) => {
      const rows = answers[i]?.data
      if (rows) figures[q.key] = byPerson(q.sum ? inCurrency(rows, workspace.currency) : rows, q.sum)
    })
    return figures
  }, [questions, stamp, workspace.currency])
  const failed = answers.filter((a) => a.isError && !a.data)
  return {
    questions,
    figures,
    days,
    /** May follow-ups be counted by day? */
    bars,
    failed: failed.length > 0,
    retry: () => {
      for (const answer of failed) void answer.refetch()
    },
  }
}
