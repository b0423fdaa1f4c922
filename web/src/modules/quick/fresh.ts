const DAYS = 3

/** A colleague was in touch so lately that one should know before calling again. */
export function freshByOther(at: unknown, who: string | undefined, me: string, now = Date.now()): boolean {
  if (typeof at !== 'string' || who === undefined || who === me) return false
  const age = now - Date.parse(at)
  return age < DAYS * 86_400_000
}

const told = ['call', 'visit', 'mail', 'message'] as const
/** The kinds of the shipped definition there are words for: “called” rather than “Call”. */
export const verbOf = (kind: unknown) => told.find((k) => k === kind) ?? 'other'
