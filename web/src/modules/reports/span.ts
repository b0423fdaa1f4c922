import dayjs from 'dayjs'

/** The Monday of a day's week, whatever day a week begins with in the viewer's language. */
export function monday(day: string): string {
  const at = dayjs(day)
  return at.subtract((at.day() + 6) % 7, 'day').format('YYYY-MM-DD')
}
