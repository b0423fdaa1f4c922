import { describe, expect, it } from 'vitest'
import { compare, decimal, minus, plus, portion, shares, sumOf, units } from './exact'

describe('exact decimals', () => {
  it('adds what a float cannot', () => {
    expect(plus('0.1', '0.2')).toBe('0.3')
    expect(plus('9007199254740993', '0.0001', null)).toBe('9007199254740993.0001')
    expect(minus('100', '100.5')).toBe('-0.5')
    expect(plus('5744900', '-744900.00')).toBe('5000000')
    expect(compare('10', '9.99')).toBe(1)
    expect(compare('2', '2.000')).toBe(0)
  })
  it('tells nothing from zero', () => {
    expect(sumOf([null, undefined])).toBeNull()
    expect(sumOf([null, '0'])).toBe('0')
  })
  it('refuses what is no number', () => {
    for (const text of ['', '1e5', 'abc', '1.00001', '--1', '.5']) expect(units(text), text).toBeUndefined()
    expect(decimal(units('-0.5000') ?? 0n)).toBe('-0.5')
  })
  it('shares out without losing anything', () => {
    const one = units('1') ?? 0n
    const of = (whole: string, weights: bigint[], step = one) =>
      shares(units(whole) ?? 0n, weights, step).map(decimal)
    const even = of('100', Array(12).fill(1n))
    expect(plus(...even)).toBe('100')
    expect(new Set(even)).toEqual(new Set(['8', '9']))
    expect(of('10', [0n, 3n, 1n])).toEqual(['0', '8', '2'])
    expect(of('1', [0n, 0n], 100n)).toEqual(['0.5', '0.5'])
    expect(plus(...of('100.01', [7n, 11n, 13n], 100n))).toBe('100.01')
  })
  it('measures bars', () => {
    expect([portion('50', '200'), portion('300', '200'), portion('1', '0'), portion(null, '5')]).toEqual([
      25, 100, 0, 0,
    ])
  })
})
