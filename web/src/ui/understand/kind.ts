/** Which kind of contact a text tells of, by the words of both languages; the kinds are those of the shipped definition. */
const words: [kind: string, pattern: RegExp][] = [
  ['visit', /拜访|上门|面谈|见面|登门|走访|来访|\bvisit(?:ed)?\b|\bmet\b|\bmeeting\b|\bon[- ]?site\b/i],
  ['mail', /邮件|邮箱|发信|\be-?mail(?:ed)?\b|\bmailed\b/i],
  [
    'message',
    /微信|短信|钉钉|飞书|企微|留言|发消息|\bqq\b|\bwechat\b|\bsms\b|\btexted\b|\bwhatsapp\b|\bmessaged?\b/i,
  ],
  ['call', /电话|打给|致电|来电|通话|\bcall(?:ed)?\b|\bphoned?\b|\brang\b/i],
]

/** The first that is named outside the place where the next contact stands, for that is not what happened. */
export function kindIn(
  text: string,
  kinds: readonly string[],
  next?: { start: number; end: number },
): string | undefined {
  const told = next ? `${text.slice(0, next.start)}\n${text.slice(next.end)}` : text
  const named = words
    .filter(([kind]) => kinds.includes(kind))
    .map(([kind, pattern]) => ({ kind, at: told.slice(0, 2000).search(pattern) }))
    .filter(({ at }) => at >= 0)
    .sort((a, b) => a.at - b.at)
  return named[0]?.kind
}
