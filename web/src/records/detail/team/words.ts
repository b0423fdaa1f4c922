/** A change of the team in words: “把李四加入团队（可修改，至 2026-12-31）”. */
import type { Level, TeamSide } from '@/api/team'
import type { HistoryEntry } from '@/api/types'
import { lastDayText } from './expiry'

/** Under this name the team stands in the history; no field can have it. */
export const TEAM = '_team'

export type TeamVerb = 'added' | 'changed' | 'removed' | 'left' | 'joined'

export interface TeamWords {
  verb: TeamVerb
  who: string | null
  level: Level
  /** The last day, where there is one. */
  until: string | null
}

const asSide = (v: unknown): TeamSide | null =>
  v !== null && typeof v === 'object' && 'user' in v ? (v as TeamSide) : null

/** What an entry says of the team; nothing when it is about something else. */
export function teamWords(entry: HistoryEntry): TeamWords[] {
  return entry.changes.flatMap((c): TeamWords[] => {
    if (c.field !== TEAM) return []
    const [before, after] = [asSide(c.before), asSide(c.after)]
    const side = after ?? before
    if (!side) return []
    const himself = side.user.id === entry.actor?.id
    const verb =
      after === null ? (himself ? 'left' : 'removed') : before ? 'changed' : himself ? 'joined' : 'added'
    return [
      {
        verb,
        who: side.user.title,
        level: side.level,
        until: side.expires_at === null ? null : lastDayText(side.expires_at),
      },
    ]
  })
}

/** Nothing else was changed: the sentence stands where “changed” would. */
export const onlyTeam = (entry: HistoryEntry): boolean =>
  entry.kind === 'update' && entry.changes.length > 0 && entry.changes.every((c) => c.field === TEAM)
