import { describe, expect, it } from 'vitest'
import { branchesOf } from '../tree/branches'
import { customersOf, ownCustomers } from './customers'

const territory = (id: string, more: object = {}) => ({
  id,
  version: 1,
  name: id,
  parent: null,
  active: true,
  ...more,
})

describe('the customers of a territory', () => {
  it('are those of its region and its industries', () => {
    expect(ownCustomers({ region: '330000', industries: null })).toEqual(['region', 'under', '330000'])
    expect(ownCustomers({ region: null, industries: ['medical'] })).toEqual(['industry', 'in', ['medical']])
    expect(ownCustomers({ region: '330000', industries: ['medical'] })).toEqual({
      and: [
        ['region', 'under', '330000'],
        ['industry', 'in', ['medical']],
      ],
    })
    expect(ownCustomers({ region: null, industries: [] })).toBeUndefined()
  })
  it('are, for its members, those of the territories below too, but of none that is switched off', () => {
    const below = { id: 'east', title: 'east' }
    const [east] = branchesOf([
      territory('east'),
      territory('zhejiang', { parent: below, region: '330000' }),
      territory('jiangsu', { parent: below, region: '320000' }),
      territory('anhui', { parent: below, region: '340000', active: false }),
    ])
    expect(east && customersOf(east)).toEqual({
      or: [
        ['region', 'under', '330000'],
        ['region', 'under', '320000'],
      ],
    })
    const [alone] = branchesOf([territory('none')])
    expect(alone && customersOf(alone)).toBeUndefined()
  })
})
