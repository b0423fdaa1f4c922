import { QueryClientProvider } from '@tanstack/react-query'
import { cleanup, render, screen } from '@testing-library/react'
import { afterEach, beforeAll, expect, it } from 'vitest'
import { keys, queryClient } from '@/api/queryClient'
import type { Catalogue, RecordData } from '@/api/types'
import { startI18n } from '@/locales'
import { ArchiveMissing } from '../detail/ArchiveMissing'
import { field, object } from '../model/testkit'
import { FieldValue } from '../parts/FieldValue'

const text = (name: string, zh: string) => field(name, 'text', { label: { zh, en: name } })
const customer = {
  ...object([
    field('name', 'text'),
    text('remark', '备注'),
    text('source', '来源'),
    text('level', '级别'),
    field('pool', 'lookup', { to: 'pool' }),
  ]),
  name: 'customer',
}

beforeAll(async () => {
  localStorage.setItem('guanxi:language', 'zh-CN')
  await startI18n()
  const catalogue = { objects: { customer }, abilities: [], workspace: {} } as unknown as Catalogue
  queryClient.setQueryData(keys.catalogue, catalogue)
  const pool = { id: 'p1', name: '公海', object: 'customer', hidden_fields: ['remark', 'level'] }
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

it('is not told to be missing in the archive', () => {
  const told = (record: Partial<RecordData>) => {
    cleanup()
    render(
      <QueryClientProvider client={queryClient}>
        <ArchiveMissing
          object={customer}
          record={{ id: 'c1', version: 1, kind: 'person', ...record } as RecordData}
        />
      </QueryClientProvider>,
    )
    return document.body.textContent ?? ''
  }
  expect(told({})).toMatch(/来源.*级别/)
  expect(told({ pool: { id: 'p1', title: '公海' } })).toMatch(/来源/)
  expect(told({ pool: { id: 'p1', title: '公海' } })).not.toMatch(/级别/)
})
