import { QueryClientProvider } from '@tanstack/react-query'
import { cleanup, fireEvent, render, screen, waitFor } from '@testing-library/react'
import { App } from 'antd'
import type { ReactNode } from 'react'
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { keys, queryClient } from '@/api/queryClient'
import {
  type Catalogue,
  type FieldDef,
  type FieldType,
  fieldTypes,
  type Operator,
  operators,
} from '@/api/types'
import { setLanguage, startI18n } from '@/locales'
import { fieldKinds, kindOf } from './registry'

const catalogue: Catalogue = {
  version: 't',
  workspace: {
    name: 'default',
    title: '测试',
    currency: 'CNY',
    time_zone: 'Asia/Shanghai',
    fiscal_year_start: 1,
    week_start: 1,
    demo: false,
  },
  abilities: [],
  modules: [],
  objects: {},
}

const ref = { id: '1', title: '华盛科技' }

/** A value of each type and what a reader must then find in its plain text. A type without a row does not compile. */
const samples: Record<FieldType, { value: unknown; text: string; extra?: Partial<FieldDef> }> = {
  text: { value: '南山', text: '南山' },
  long_text: { value: '第一行\n第二行', text: '第二行' },
  integer: { value: 1234, text: '1,234' },
  decimal: { value: '1234.5678', text: '1,234.5678' },
  money: { value: '1234.50', text: '1,234.50' },
  percent: { value: '12.5', text: '12.5%' },
  boolean: { value: true, text: '是' },
  date: { value: '2026-11-21', text: '2026-11-21' },
  datetime: { value: '2026-11-21T06:30:00Z', text: '2026-11-21' },
  choice: { value: 'a', text: '甲' },
  multi_choice: { value: ['a', 'b'], text: '甲、乙' },
  phone: { value: '13800138000', text: '13800138000' },
  email: { value: 'a@example.com', text: 'a@example.com' },
  url: { value: 'https://example.com/', text: 'example.com' },
  region: { value: '440305', text: '广东省 深圳市 南山区' },
  address: { value: '科技路 1 号', text: '科技路 1 号' },
  lookup: { value: ref, text: '华盛科技', extra: { to: 'customer' } },
  multi_lookup: { value: [ref], text: '华盛科技', extra: { to: 'customer' } },
  category: { value: ref, text: '华盛科技', extra: { to: 'product_category' } },
  user: { value: ref, text: '华盛科技', extra: { to: 'user' } },
  department: { value: ref, text: '华盛科技', extra: { to: 'department' } },
  file: { value: { ...ref, size: 1024, type: 'text/plain' }, text: '华盛科技' },
  image: { value: { ...ref, size: 1024, type: 'image/png' }, text: '华盛科技' },
  auto_number: { value: 'KH-20261121-0001', text: 'KH-20261121-0001', extra: { returns: 'text' } },
  formula: { value: '99.00', text: '99.00', extra: { returns: 'money' } },
  rating: { value: 4, text: '4/5' },
  tags: { value: ['重点', '展会'], text: '重点、展会' },
}

const fieldOf = (type: FieldType): FieldDef => ({
  name: 'f',
  type,
  label: { zh: '字段', en: 'Field' },
  operators: [...operators],
  options: [
    { value: 'a', label: { zh: '甲', en: 'A' }, color: 'blue' },
    { value: 'b', label: { zh: '乙', en: 'B' } },
  ],
  ...samples[type].extra,
})

const page = (children: ReactNode) =>
  render(<QueryClientProvider client={queryClient}>{children}</QueryClientProvider>)

beforeAll(async () => {
  localStorage.setItem('guanxi:language', 'zh-CN')
  await startI18n()
  queryClient.setQueryData(keys.catalogue, catalogue)
  queryClient.setQueryData(keys.session, null)
  queryClient.setQueryData(keys.regions, [
    { code: '440000', name: '广东省', parent: null },
    { code: '440300', name: '深圳市', parent: '440000' },
    { code: '440305', name: '南山区', parent: '440300' },
  ])
  // Editors of links ask for candidates; nobody answers here.
  vi.stubGlobal('fetch', () => new Promise(() => {}))
})
afterEach(cleanup)

describe.each(fieldTypes)('%s', (type) => {
  const field = fieldOf(type)
  const { Show, Edit, Filter, isEmpty, toText } = kindOf(field)
  const { value, text } = samples[type]

  it('says its value as text and shows it', () => {
    expect(toText(value, field, { lang: 'zh' })).toContain(text)
    expect(isEmpty(value)).toBe(false)
    const { container } = page(<Show field={field} value={value} />)
    expect(container.innerHTML).not.toBe('')
    expect(container.textContent).not.toBe('—')
  })
  it('shows nothing as a dash', () => {
    expect(isEmpty(null)).toBe(true)
    const { container } = page(<Show field={field} value={null} compact />)
    expect(container.textContent).toBe('—')
    expect(toText(null, field, { lang: 'en' })).toBe('')
  })
  it('draws its editor empty, filled, and refused', () => {
    for (const v of [null, value]) {
      const { container, unmount } = page(
        <Edit field={field} value={v} onChange={() => {}} status="error" id="x" />,
      )
      expect(container.innerHTML).not.toBe('')
      unmount()
    }
  })
  it.each(operators)('has a value editor for %s', (op: Operator) => {
    const filled = op === 'between' ? [value, value] : op === 'within' ? 'last_7_days' : value
    const { container } = page(<Filter field={field} op={op} value={filled} onChange={() => {}} />)
    expect(container.innerHTML === '').toBe(op === 'is_null' || op === 'not_null')
  })
})

describe('editing', () => {
  it('keeps every digit of an amount', () => {
    const { Edit } = fieldKinds.money
    const onChange = vi.fn()
    page(<Edit field={fieldOf('money')} value={null} onChange={onChange} id="m" />)
    fireEvent.change(screen.getByRole('spinbutton'), { target: { value: '90071992547409.9301' } })
    expect(onChange).toHaveBeenLastCalledWith('90071992547409.9301')
  })
  it.each([
    ['12万', '120000'],
    ['１２３', '123'],
    ['¥1.5万元', '15000'],
    ['1,234.5', '1234.5'],
  ])('takes the amount %s for what it means', (text, value) => {
    const { Edit } = fieldKinds.money
    const onChange = vi.fn()
    page(<Edit field={fieldOf('money')} value={null} onChange={onChange} id="m" />)
    fireEvent.change(screen.getByRole('spinbutton'), { target: { value: text } })
    expect(onChange).toHaveBeenLastCalledWith(value)
  })
  it('says so where an amount is no number, and takes no part of it', async () => {
    const { Edit } = fieldKinds.money
    const onChange = vi.fn()
    page(
      <App>
        <Edit field={fieldOf('money')} value={null} onChange={onChange} id="m" />
      </App>,
    )
    const input = screen.getByRole('spinbutton')
    fireEvent.change(input, { target: { value: '约12' } })
    fireEvent.blur(input)
    expect(await screen.findByText('“约12”不是数字，请重新填写')).toBeTruthy()
    expect(onChange).not.toHaveBeenCalled()
  })
  it.each(['20261201', '2026/12/1', '2026年12月1日', '2026-12-1'])('reads the date %s', (text) => {
    const { Edit } = fieldKinds.date
    const onChange = vi.fn()
    page(<Edit field={fieldOf('date')} value={null} onChange={onChange} id="d" />)
    const input = screen.getByRole('textbox')
    fireEvent.mouseDown(input)
    fireEvent.change(input, { target: { value: text } })
    fireEvent.keyDown(input, { key: 'Enter', code: 'Enter' })
    expect(onChange).toHaveBeenLastCalledWith('2026-12-01')
  })
  it.each([
    ['date', '明天', '2026-11-22'],
    ['date', 'next Monday', '2026-11-23'],
    ['datetime', '后天下午三点', '2026-11-23T15:00:00'],
    // The tests' clock on the wall is UTC.
  ] as const)('reads a %s as people say it: %s', async (type, text, value) => {
    vi.setSystemTime(new Date('2026-11-21T02:00:00Z'))
    const { Edit } = fieldKinds[type]
    const onChange = vi.fn()
    page(<Edit field={fieldOf(type)} value={null} onChange={onChange} id="d" />)
    const input = screen.getByRole('textbox')
    fireEvent.mouseDown(input)
    fireEvent.change(input, { target: { value: text } })
    fireEvent.keyDown(input, { key: 'Enter', code: 'Enter' })
    await waitFor(() => expect(onChange).toHaveBeenCalledTimes(1))
    expect(onChange.mock.calls[0]?.[0]).toContain(value)
    vi.useRealTimers()
  })
  it.each(['2026-02-30', '某天'])('says so where nobody can read the date %s', async (text) => {
    const { Edit } = fieldKinds.date
    const onChange = vi.fn()
    const onCommit = vi.fn()
    page(
      <App>
        <Edit field={fieldOf('date')} value="2026-12-01" onChange={onChange} onCommit={onCommit} id="d" />
      </App>,
    )
    const input = screen.getByRole('textbox')
    fireEvent.mouseDown(input)
    fireEvent.change(input, { target: { value: text } })
    fireEvent.blur(input)
    expect(await screen.findByText(new RegExp(`看不懂“${text}”是哪一天`))).toBeTruthy()
    expect(onChange).not.toHaveBeenCalled()
    expect(onCommit).toHaveBeenCalledTimes(1)
  })
  it('does not commit on the Enter that ends a composition', () => {
    const { Edit } = fieldKinds.text
    const onCommit = vi.fn()
    page(<Edit field={fieldOf('text')} value="张" onChange={() => {}} onCommit={onCommit} />)
    const input = screen.getByRole('textbox')
    fireEvent.keyDown(input, { key: 'Enter', isComposing: true })
    fireEvent.keyDown(input, { key: 'Enter', keyCode: 229 })
    expect(onCommit).not.toHaveBeenCalled()
    fireEvent.keyDown(input, { key: 'Enter', keyCode: 13 })
    expect(onCommit).toHaveBeenCalledTimes(1)
  })
  it('never makes a link of a script', () => {
    const { Show } = fieldKinds.url
    const { container } = page(<Show field={fieldOf('url')} value="javascript:alert(1)" />)
    expect(container.querySelector('a')).toBeNull()
  })
})

describe('in English', () => {
  it('uses English words and separators', async () => {
    await setLanguage('en-US')
    expect(fieldKinds.boolean.toText(true, fieldOf('boolean'), { lang: 'en' })).toBe('Yes')
    expect(fieldKinds.multi_choice.toText(['a', 'b'], fieldOf('multi_choice'), { lang: 'en' })).toBe('A, B')
    await setLanguage('zh-CN')
  })
})
