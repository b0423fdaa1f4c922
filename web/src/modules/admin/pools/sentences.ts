/** What a pool, a rule or a capacity says, as one sentence a person can check. */

type Values = Record<string, unknown>
/** Bound to the `pools` namespace. */
export type Words = (key: string, options?: Record<string, unknown>) => string

const days = (value: unknown) => {
  const n = Number(value)
  return value === null || value === undefined || value === '' || !Number.isFinite(n) ? undefined : n
}

const conditions = ['idle_days', 'no_opportunity_days', 'no_deal_days'] as const

/** Without one of them a rule does nothing. */
export const hasCondition = (rule: Values) => conditions.some((name) => days(rule[name]) !== undefined)

/** “30 天未跟进 或 90 天无成交”; empty as long as nothing is set. */
export function conditionWords(rule: Values, t: Words): string {
  const parts = conditions.flatMap((name) => {
    const n = days(rule[name])
    return n === undefined ? [] : [t(`rule.${name}`, { count: n })]
  })
  return parts.join(t(rule.match === 'all' ? 'rule.and' : 'rule.or'))
}

interface RuleNames {
  /** Of the pool; empty where none is chosen. */
  pool: string
  /** In the order of the options. */
  levels: string[]
}

/** “30 天未跟进 或 90 天无成交 → 公海“全部客户”，提前 7 天提醒；限 A 级、B 级；已成交客户除外”. */
export function ruleSentence(rule: Values, names: RuleNames, t: Words): string {
  const when = conditionWords(rule, t)
  if (!when) return ''
  const to = names.pool ? t('namedPool', { name: names.pool }) : t('aPool')
  const warn = days(rule.warn_days)
  const head = t('rule.goes', { when, to }) + (warn ? t('rule.warns', { count: warn }) : '')
  const more = [
    names.levels.length > 0 && t('rule.levels', { levels: names.levels.join(t('comma')) }),
    // Leads have no deals yet.
    rule.exempt_signed === true && rule.object !== 'lead' && t('rule.exemptSigned'),
  ].filter((part): part is string => typeof part === 'string')
  return [head, ...more].join(t('rule.semicolon'))
}

/** “每人每天最多领取 5 个，退回后 7 天内原负责人不能领取”; says also that nothing is limited. */
export function poolSentence(pool: Values, t: Words): string {
  const limit = days(pool.daily_claim_limit)
  const cooldown = days(pool.cooldown_days)
  const protect = days(pool.protect_days)
  const hidden = Array.isArray(pool.hidden_fields) ? pool.hidden_fields.length : 0
  const parts = [
    limit === undefined ? t('pool.noLimit') : t('pool.limit', { count: limit }),
    ...(cooldown ? [t('pool.cooldown', { count: cooldown })] : []),
    ...(protect ? [t('pool.protect', { count: protect })] : []),
    ...(hidden ? [t('pool.hidden', { count: hidden })] : []),
  ]
  return parts.join(t('pool.comma'))
}
