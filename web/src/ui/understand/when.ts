import * as english from 'chrono-node/en'
import * as chinese from 'chrono-node/zh/hans'
import dayjs, { type Dayjs } from 'dayjs'
import { fromWallClock, wallClock } from '@/ui/time'
import { isChinese, isOver, nextWords, onlyPeriod, plainDays, plainTimes, soonIn } from './chinese'
import { rewrite, type Traced, traced } from './rewrite'

/** A moment to come that a text speaks of. */
export interface When {
  /** An instant. */
  at: string
  /** As it is written, and where. */
  text: string
  start: number
  end: number
  /** The text names a time; else it is nine in the morning. */
  timed: boolean
}

/** What is to come next usually stands last; a novel is not read for it. */
const MOST = 1000
/** So many days in a text are more than anybody plans. */
const MOST_FOUND = 30
const MORNING = 9
const MOST_YEARS = 3
/** A day without a year that has passed by less than this is a day that was. */
const PAST_DAYS = 180

interface Found {
  at: string
  start: number
  end: number
  timed: boolean
}

const englishTimes: [RegExp, number][] = [
  [/\bmorning\b/i, MORNING],
  [/\bnoon\b/i, 12],
  [/\bafternoon\b/i, 14],
  [/\b(?:evening|tonight)\b/i, 19],
  [/\bmidnight\b/i, 24],
]

const edges: [RegExp, (now: Dayjs) => Dayjs][] = [
  [/\b(?:by |at )?(?:the )?end of next month\b/gi, (d) => d.startOf('month').add(1, 'month').endOf('month')],
  [/\b(?:by |at )?(?:the )?end of (?:the |this )?month\b|\beom\b/gi, (d) => d.endOf('month')],
  [/\b(?:by |at )?(?:the )?end of (?:the |this )?year\b|\beoy\b/gi, (d) => d.endOf('year')],
  [/\b(?:by |at )?(?:the )?end of (?:the |this )?week\b|\beow\b/gi, (d) => d.add((12 - d.day()) % 7, 'day')],
]

/** “In 3 days” is no time of day, whatever the clock says now. */
const clock = /\d[:：]\d|\d\s*[ap]\.?m\b|\bat\s+\d|o.clock/i
const past = /\b(?:last|past|ago|yesterday)\b/i

/** Words that are days of the week or months only now and then, decimals, and what has no day at all. */
const noDay = /^(?:sat|sun|mon|wed|mar|may|dec|second|now|today|\d{1,2}\.\d{1,2}|\d{1,2})$/i

function plain(source: Traced, now: Dayjs): Traced {
  const text = edges.reduce(
    (s, [pattern, to]) => rewrite(s, pattern, () => ` ${to(now).format('YYYY-MM-DD')} `),
    source,
  )
  return isChinese(text.text) ? plainTimes(plainDays(text, now), now) : text
}

type Result = ReturnType<typeof english.parse>[number]

function momentOf(result: Result, now: Dayjs): { wall: Dayjs; timed: boolean } | null {
  const { start } = result
  const dated = start.isCertain('day') || start.isCertain('weekday')
  const timed = start.isCertain('hour') && clock.test(result.text)
  // A month alone is no day, and a time alone without minutes may be anything.
  if (!dated && (!timed || start.isCertain('month'))) return null
  const word = englishTimes.find(([pattern]) => pattern.test(result.text))
  let hour = timed ? (start.get('hour') ?? 0) : (word?.[1] ?? MORNING)
  if (timed && !start.isCertain('meridiem') && hour >= 1 && hour <= 6 && !/0\d:/.test(result.text)) hour += 12
  const [year, month, day] = [start.get('year'), start.get('month'), start.get('day')]
  if (year === null || month === null || day === null) return null
  let base = dated
    ? dayjs(new Date(2000, 0, 1))
        .year(year)
        .month(month - 1)
        .date(day)
    : now.startOf('day')
  // 30 February.
  if (!base.isValid() || (dated && base.month() !== month - 1)) return null
  if (dated && !start.isCertain('year') && !start.isCertain('weekday') && start.isCertain('month')) {
    const days = base.diff(now.startOf('day'), 'day')
    if (days < -PAST_DAYS) base = base.add(1, 'year')
    else if (days > 365 - PAST_DAYS && base.subtract(1, 'year').isBefore(now)) return null
  }
  // The last day of the month, on that day: there still is the afternoon.
  if (!timed && !word && base.isSame(now, 'day')) hour = Math.max(hour, 17)
  return {
    wall: base
      .startOf('day')
      .add(hour, 'hour')
      .minute(timed ? (start.get('minute') ?? 0) : 0),
    timed: timed || word !== undefined,
  }
}

function* readIn(source: Traced, original: string, offset: number, now: Dayjs): Generator<Found> {
  const { text, from, to } = source
  const noon = now.hour(12).minute(0).second(0).toDate()
  const parsed = [
    ...(isChinese(text) ? chinese.parse(text, noon) : []).slice(-MOST_FOUND),
    ...(/[a-z]{2}|\d/i.test(text) ? english.parse(text, now.toDate(), { forwardDate: true }) : []).slice(
      -MOST_FOUND,
    ),
  ]
  for (const result of parsed) {
    const written = text.slice(result.index, result.index + result.text.length)
    const [lead, tail] = [
      written.length - written.trimStart().length,
      written.length - written.trimEnd().length,
    ]
    const start = from[result.index + lead] ?? 0
    const end = to[result.index + result.text.length - tail - 1] ?? 0
    const said = original.slice(start - offset, end - offset).trim()
    if (said === '' || noDay.test(said) || onlyPeriod(said) || past.test(said) || /^今[天日]$/.test(said))
      continue
    const moment = momentOf(result, now)
    if (!moment) continue
    yield { at: fromWallClock(moment.wall.second(0)), start, end, timed: moment.timed }
  }
}

function* soon(text: string, offset: number, instant: Date): Generator<Found> {
  const found = [...soonIn(text)]
  const pattern = /\bin (an?|half an|\d{1,3}(?:\.\d)?) (hours?|hrs?|minutes?|mins?)\b/gi
  for (const m of text.matchAll(pattern)) {
    const n = /half/i.test(m[1] ?? '') ? 0.5 : /^a/i.test(m[1] ?? '') ? 1 : Number(m[1])
    const minutes = n * (/^h/i.test(m[2] ?? '') ? 60 : 1)
    found.push({ minutes, start: m.index, end: m.index + m[0].length })
  }
  for (const { minutes, start, end } of found) {
    // On the instant, not on the clock: it is right over a change to summer time too.
    const at = new Date(Math.round((instant.getTime() + minutes * 60_000) / 60_000) * 60_000)
    yield { at: at.toISOString(), start: offset + start, end: offset + end, timed: true }
  }
}

/** The part of a sentence that a place stands in. */
export function clauseAt(text: string, start: number, end: number): string {
  const breaks = /[，。！？；,;!?\n]|\.\s/
  // Nobody speaks in sentences longer than this.
  const before = text.slice(Math.max(0, start - 200), start)
  let from = before.length
  while (from > 0 && !breaks.test(before.slice(from - 1, from + 1))) from--
  from += start - before.length
  const rest = text.slice(end, end + 200)
  const until = rest.search(breaks)
  return text.slice(from, end + (until < 0 ? rest.length : until))
}

function allIn(whole: string, instant: Date): Found[] {
  const offset = Math.max(0, whole.length - MOST)
  const original = whole.slice(offset)
  const now = wallClock(instant.toISOString())
  const quick = [...soon(original, offset, instant)].slice(-MOST_FOUND)
  // What has been understood is out of the way of what comes after.
  const rest = quick.reduce(
    (text, f) => text.slice(0, f.start - offset) + ' '.repeat(f.end - f.start) + text.slice(f.end - offset),
    original,
  )
  return [...quick, ...readIn(plain(traced(rest, offset), now), rest, offset, now)]
}

/** The moment of the next contact that a text names, in Chinese or English; the zone is the workspace's. */
export function whenIn(text: string, instant = new Date()): When | null {
  let found: Found[]
  try {
    found = allIn(text, instant)
  } catch {
    // Dates beyond what the calendar holds: nothing is recognised, and one picks the date by hand.
    return null
  }
  const latest = instant.getTime() + MOST_YEARS * 366 * 86_400_000
  const today = wallClock(instant.toISOString())
  // Of two readings of one place the longer one, else the first: one that is over still hides what it contains.
  const best = found.filter(
    (f, i) =>
      !found.some((o, j) => {
        const longer = o.end - o.start - (f.end - f.start)
        return o.start <= f.start && o.end >= f.end && (longer > 0 || (longer === 0 && j < i))
      }),
  )
  const ahead = best.filter((f) => {
    const time = Date.parse(f.at)
    if (!(time > instant.getTime() && time < latest)) return false
    return !wallClock(f.at).isSame(today, 'day') || !isOver(clauseAt(text, f.start, f.end))
  })
  ahead.sort((a, b) => a.start - b.start)
  const meant = ahead.filter((f) => nextWords.test(clauseAt(text, f.start, f.end)))
  const one = meant.at(-1) ?? ahead.at(-1)
  return one ? { ...one, text: text.slice(one.start, one.end).trim() } : null
}

/** What is to be done then: the words after the date, else those before it. */
export function stepOf(text: string, when: Pick<When, 'start' | 'end'>): string {
  const clause = clauseAt(text, when.start, when.end)
  const at = text.indexOf(clause, Math.max(0, when.start - clause.length))
  // Whom it mentions is told by the text itself.
  const tidy = (part: string) =>
    part
      .replace(/@\S*/g, '')
      .replace(/^[\s:：、\-–—]+|[\s:：、\-–—]+$/g, '')
      .slice(0, 200)
  return tidy(clause.slice(Math.max(0, when.end - at))) || tidy(clause.slice(0, Math.max(0, when.start - at)))
}
