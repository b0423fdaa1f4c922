/** Rules of RFC 5545 as people choose them. */

export const CHOICES = [
  'FREQ=DAILY',
  'FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR',
  'FREQ=WEEKLY',
  'FREQ=WEEKLY;INTERVAL=2',
  'FREQ=MONTHLY',
  'FREQ=MONTHLY;BYMONTHDAY=-1',
  'FREQ=YEARLY',
] as const
export type Choice = (typeof CHOICES)[number]

export interface Rule {
  /** One of the choices, or whatever else stands there. */
  base: string
  /** Last day, `YYYY-MM-DD`. */
  until?: string
}

const parts = (rule: string) => rule.split(';').filter((p) => p !== '')

/** Parts in one order, so that what means the same is the same. */
function ordered(rule: string[]): string {
  const rank = ['FREQ', 'INTERVAL', 'BYDAY', 'BYMONTHDAY']
  const place = (part: string) => {
    const at = rank.indexOf(part.split('=')[0] ?? '')
    return at < 0 ? rank.length : at
  }
  return [...rule].sort((a, b) => place(a) - place(b)).join(';')
}

const known = new Map(CHOICES.map((c) => [ordered(parts(c)), c as string]))

export function readRule(rule: string): Rule {
  const all = parts(rule)
  const until = all.find((p) => /^UNTIL=\d{8}/.test(p))?.slice(6, 14)
  const base = ordered(all.filter((p) => !p.startsWith('UNTIL=')))
  return {
    base: known.get(base) ?? base,
    until: until && `${until.slice(0, 4)}-${until.slice(4, 6)}-${until.slice(6)}`,
  }
}

export const writeRule = ({ base, until }: Rule): string =>
  until && !base.includes('COUNT=') ? `${base};UNTIL=${until.replaceAll('-', '')}` : base

export const isChoice = (base: string): base is Choice => (CHOICES as readonly string[]).includes(base)
