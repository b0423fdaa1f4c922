import { snap } from './model'
import type { Hold } from './useMover'

/** Pixels of an hour. */
export const HOUR = 48

export const minutesOf = (pixels: number): number => (pixels / HOUR) * 60

interface Point {
  clientX: number
  clientY: number
}

/** The day under a point, wherever that is. */
const dayAt = (x: number, y: number): string | undefined => {
  const under = document.elementsFromPoint(x, y)
  return under.map((el) => (el as HTMLElement).dataset?.day).find((day) => day !== undefined)
}

const between = (a: string, b: string): number => Math.round((Date.parse(b) - Date.parse(a)) / 86_400_000)

/** Over hours: columns are days, and down is later. */
export function overHours(days: number) {
  return (from: Hold, to: Point) => {
    const width = (from.ground?.clientWidth ?? 0) / days
    return {
      days: width > 0 ? Math.round((to.clientX - from.x) / width) : 0,
      minutes: snap(minutesOf(to.clientY - from.y)),
    }
  }
}

/** Over the month: a day is a cell. */
export function overDays(from: Hold, to: Point) {
  const [a, b] = [dayAt(from.x, from.y), dayAt(to.clientX, to.clientY)]
  return { days: a && b ? between(a, b) : 0, minutes: 0 }
}
