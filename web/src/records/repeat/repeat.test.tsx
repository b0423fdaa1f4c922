import { QueryClientProvider } from '@tanstack/react-query'
import { cleanup, fireEvent, render, screen } from '@testing-library/react'
import { afterEach, beforeAll, expect, it } from 'vitest'
import { keys, queryClient } from '@/api/queryClient'
import type { Catalogue, RecordData } from '@/api/types'
import { setLanguage, startI18n } from '@/locales'
import { MeantEdit } from '../criteria/meaning'
import { field, object } from '../model/testkit'
import { FieldValue } from '../parts/FieldValue'

const repeat = field('repeat', 'text')
const event = { ...object([repeat]), name: 'event' }
// A Wednesday in Shanghai.
const record: RecordData = { id: 'e', version: 1, starts_at: '2026-11-25T01:00:00Z' }

beforeAll(async () => {
  await startI18n()
  await setLanguage('zh-CN')
})
afterEach(() => {
  cleanup()
  queryClient.clear()
})

function shown(
  rule: string,
  node = <FieldValue object={event} field={repeat} value={rule} record={record} />,
) {
  queryClient.setQueryData(keys.catalogue, {
    workspace: { time_zone: 'Asia/Shanghai' },
    objects: {},
  } as unknown as Catalogue)
  cleanup()
  return render(<QueryClientProvider client={queryClient}>{node}</QueryClientProvider>).container.textContent
}

it('is told in words, and a rule of its own as it stands', () => {
  expect(shown('FREQ=WEEKLY')).toBe('每周星期三')
  expect(shown('FREQ=MONTHLY;UNTIL=20270131T155959Z')).toBe('每月 25 日，到 2027-01-31 为止')
  expect(shown('FREQ=WEEKLY;BYDAY=TU;COUNT=3')).toBe('FREQ=WEEKLY;BYDAY=TU;COUNT=3')
})

it('is chosen, and saved when one says so', () => {
  const said: unknown[] = []
  let saved = 0
  const node = (
    <MeantEdit
      object="event"
      field={repeat}
      value="FREQ=DAILY"
      record={record}
      onChange={(rule) => said.push(rule)}
      onCommit={() => saved++}
      onCancel={() => {}}
    />
  )
  expect(shown('', node)).toContain('每天')
  fireEvent.mouseDown(screen.getByRole('combobox'))
  fireEvent.click(screen.getByText('每月最后一天'))
  expect(said).toEqual(['FREQ=MONTHLY;BYMONTHDAY=-1'])
  expect(saved).toBe(0)
  fireEvent.click(screen.getByRole('button', { name: '保 存' }))
  expect(saved).toBe(1)
})
