import { QueryClientProvider } from '@tanstack/react-query'
import { cleanup, configure, fireEvent, render, screen, waitFor } from '@testing-library/react'
import { useState } from 'react'
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { keys, queryClient } from '@/api/queryClient'
import { startI18n } from '@/locales'
import { fieldKinds } from '../registry'
import { MentionArea } from './MentionArea'

const people = [
  { id: 'u1', version: 1, name: '张伟', login: 'zhangwei' },
  { id: 'u2', version: 1, name: '张伟', login: 'zhangwei2' },
  { id: 'u3', version: 1, name: '李娜', login: 'lina' },
]

// A machine that builds beside it is slow to draw whole pages.
configure({ asyncUtilTimeout: 8000 })
vi.setConfig({ testTimeout: 30_000 })

beforeAll(async () => {
  localStorage.setItem('guanxi:language', 'zh-CN')
  await startI18n()
})
afterEach(() => {
  cleanup()
  queryClient.clear()
  vi.unstubAllGlobals()
})

function Box({ outer }: { outer: () => void }) {
  const [text, setText] = useState('')
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: what stands around it must not hear its keys
    <div onKeyDown={outer}>
      <MentionArea value={text} onChange={setText} aria-label="text" />
    </div>
  )
}

function show(outer = vi.fn()) {
  queryClient.setQueryData(keys.catalogue, { objects: { user: {} } })
  const asked: string[] = []
  vi.stubGlobal('fetch', async (path: string) => {
    asked.push(decodeURIComponent(path))
    const items = path.includes('/search')
      ? people.map(({ id, name }) => ({ object: 'user', id, title: name }))
      : people
    return new Response(JSON.stringify({ items, next: null }), {
      headers: { 'Content-Type': 'application/json' },
    })
  })
  render(
    <QueryClientProvider client={queryClient}>
      <Box outer={outer} />
    </QueryClientProvider>,
  )
  const box = screen.getByRole('textbox') as HTMLTextAreaElement
  const type = (text: string) => {
    fireEvent.change(box, { target: { value: text, selectionStart: text.length, selectionEnd: text.length } })
  }
  return { box, type, asked, outer }
}
const options = () => screen.findAllByRole('option')

describe('typing @', () => {
  it('offers colleagues; arrows and Enter write one in, by login where two bear the name', async () => {
    const { box, type, asked, outer } = show()
    type('请 @zw')
    expect(await options()).toHaveLength(3)
    expect(asked[0]).toContain('q=zw')
    expect(asked[0]).toContain('["active","=",true]')
    fireEvent.keyDown(box, { key: 'ArrowDown' })
    expect(box.getAttribute('aria-activedescendant')).toBe((await options())[1]?.id)
    fireEvent.keyDown(box, { key: 'Enter' })
    expect(box.value).toBe('请 @zhangwei2 ')
    expect(screen.queryByRole('listbox')).toBeNull()
    expect(outer).not.toHaveBeenCalled()
    fireEvent.keyDown(box, { key: 'Enter' })
    expect(outer).toHaveBeenCalledTimes(1)
  })
  it('takes Tab and the mouse as well', async () => {
    const { box, type } = show()
    type('@')
    await options()
    fireEvent.keyDown(box, { key: 'ArrowUp' })
    fireEvent.keyDown(box, { key: 'Tab' })
    expect(box.value).toBe('@李娜 ')
    type('@李娜 和 @')
    fireEvent.click((await options())[2] as HTMLElement)
    expect(box.value).toBe('@李娜 和 @李娜 ')
  })
  it('closes with Esc, which then belongs to nobody else', async () => {
    const { box, type, outer } = show()
    type('@')
    await options()
    fireEvent.keyDown(box, { key: 'Escape' })
    expect(screen.queryByRole('listbox')).toBeNull()
    expect(outer).not.toHaveBeenCalled()
    expect(box.value).toBe('@')
  })
  it('offers nothing while an input method composes, and takes none of its keys', async () => {
    const { box, type, asked } = show()
    fireEvent.compositionStart(box)
    type('@zhang')
    await new Promise((r) => setTimeout(r, 250))
    expect(asked).toEqual([])
    type('@张')
    fireEvent.compositionEnd(box)
    await options()
    fireEvent.keyDown(box, { key: 'Enter', keyCode: 229 })
    expect(box.value).toBe('@张')
    expect(screen.getByRole('listbox')).toBeTruthy()
  })
  it('leaves mail addresses alone', async () => {
    const { type, asked } = show()
    type('crm@ex')
    await new Promise((r) => setTimeout(r, 250))
    expect(asked).toEqual([])
  })
})

it('stands out where the text is read', async () => {
  queryClient.setQueryData(keys.catalogue, { objects: {} })
  const { Show } = fieldKinds.long_text
  const field = { name: 'f', type: 'long_text' as const, label: { zh: 'f', en: 'f' }, operators: [] }
  render(<Show field={field} value="请@张伟 看 <b>" />)
  await waitFor(() => expect(screen.getByText('@张伟').className).toContain('mention'))
  expect(document.body.textContent).toContain('请@张伟 看 <b>')
})
