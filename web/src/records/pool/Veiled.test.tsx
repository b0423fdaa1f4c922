import { QueryClientProvider } from '@tanstack/react-query'
import { cleanup, render, screen } from '@testing-library/react'
import { afterEach, beforeAll, expect, it } from 'vitest'
import { keys, queryClient } from '@/api/queryClient'
import type { Catalogue, RecordData } from '@/api/types'
import { startI18n } from '@/locales'
import { field, object } from '../model/testkit'
import { FieldValue } from '../parts/FieldValue'

const customer = {
  ...object([field('name', 'text'), field('remark', 'text'), field('pool', 'lookup', { to: 'pool' })]),
  name: 'customer',
}

beforeAll(async () => {
  localStorage.setItem('guanxi:language', 'zh-CN')
  await startI18n()
  const catalogue = { objects: { customer }, abilities: [], workspace: {} } as unknown as Catalogue
  queryClient.setQueryData(keys.catalogue, catalogue)
  const pool = { id: 'p1', name: '公海', object: 'customer', hidden_fields: ['remark'] }
  queryClient.setQueryData(keys.pools, [pool])
})
afterEach(cleanup)

function shown(record: Partial<RecordData>) {
  const remark = field('remark', 'text')
  const whole = { id: 'c1', version: 1, ...record } as RecordData
  render(
    <QueryClientProvider client={queryClient}>
      <FieldValue object={customer} field={remark} value={whole.remark} record={whole} />
    </QueryClientProvider>,
  )
  return screen.queryByText('领取后可见') !== null
}

it('says that a value is hidden in the pool, and that there is none elsewhere', () => {
  expect(shown({ pool: { id: 'p1', title: '公海' }, remark: null })).toBe(true)
  cleanup()
  // Another pool hides nothing, and whoever owns it sees what there is.
  expect(shown({ pool: { id: 'p2', title: '别的' }, remark: null })).toBe(false)
  cleanup()
  expect(shown({ pool: null, remark: null })).toBe(false)
  cleanup()
  expect(shown({ pool: { id: 'p1', title: '公海' }, remark: '看得到' })).toBe(false)
  expect(screen.getByText('看得到')).toBeTruthy()
})
