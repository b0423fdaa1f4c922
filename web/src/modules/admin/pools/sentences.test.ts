import i18n from 'i18next'
import { beforeAll, describe, expect, it } from 'vitest'
import { setLanguage, startI18n } from '@/locales'
import { conditionWords, hasCondition, poolSentence, ruleSentence, type Words } from './sentences'

beforeAll(async () => {
  localStorage.setItem('guanxi:language', 'zh-CN')
  await startI18n()
  await setLanguage('en-US')
})
const words = (language: string) => i18n.getFixedT(language, 'pools') as unknown as Words
const zh = () => words('zh-CN')
const en = () => words('en-US')

describe('a recycling rule', () => {
  const rule = {
    object: 'customer',
    match: 'any',
    idle_days: 30,
    no_opportunity_days: null,
    no_deal_days: 90,
    exempt_signed: true,
    warn_days: 7,
  }
  const names = { pool: '全部客户', levels: ['A 级', 'B 级'] }

  it('reads as one sentence', () => {
    expect(ruleSentence(rule, names, zh())).toBe(
      '30 天未跟进 或 90 天无成交 → 公海“全部客户”，提前 7 天提醒；限 A 级、B 级；已成交客户除外',
    )
    expect(ruleSentence(rule, { pool: 'All', levels: ['A', 'B'] }, en())).toBe(
      '30 days without follow-up or 90 days without a deal → the pool “All”, with a warning 7 days before; only A, B; except customers with a deal',
    )
  })
  it('leaves out what it does not say', () => {
    const bare = { object: 'customer', match: 'all', idle_days: 30, no_opportunity_days: 60, warn_days: null }
    expect(ruleSentence(bare, { pool: '', levels: [] }, zh())).toBe('30 天未跟进 且 60 天无商机 → 公海')
    // Leads have no deals.
    expect(
      ruleSentence({ ...rule, object: 'lead', no_deal_days: null }, { pool: '', levels: [] }, zh()),
    ).toBe('30 天未跟进 → 公海，提前 7 天提醒')
  })
  it('tells one day from several', () => {
    expect(conditionWords({ idle_days: 1 }, en())).toBe('1 day without follow-up')
  })
  it('says nothing without a condition', () => {
    for (const none of [null, undefined, '']) {
      expect(ruleSentence({ idle_days: none, warn_days: 7 }, names, zh())).toBe('')
      expect(hasCondition({ idle_days: none })).toBe(false)
    }
    expect(hasCondition({ no_deal_days: 1 })).toBe(true)
  })
})

describe('a pool', () => {
  it('says how much may be claimed, and when not', () => {
    expect(poolSentence({ daily_claim_limit: 5, cooldown_days: 7, protect_days: 2 }, zh())).toBe(
      '每人每天最多领取 5 个，退回后 7 天内原负责人不能领取，新进公海 2 天后才能领取',
    )
    expect(poolSentence({ daily_claim_limit: null, cooldown_days: null }, zh())).toBe('领取数量不限')
    expect(poolSentence({ daily_claim_limit: 1 }, en())).toBe('At most 1 claim a day each')
  })
})
