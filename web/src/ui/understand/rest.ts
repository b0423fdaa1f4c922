import type { When } from './when'

/** The text without the words of the moment, as a title says it; the whole text where it says nothing else. */
export function withoutWhen(text: string, when: Pick<When, 'start' | 'end'>): string {
  const edge = /^[\s:：、，,\-–—]+|[\s:：、，,\-–—]+$/g
  const parts = [text.slice(0, when.start), text.slice(when.end)].map((part) => part.replace(edge, ''))
  return parts.filter(Boolean).join(' ') || text.trim()
}
