import { createMemoryHistory, createRootRoute, createRouter, RouterProvider } from '@tanstack/react-router'
import { cleanup, render, screen } from '@testing-library/react'
import { afterEach, beforeAll, expect, it, vi } from 'vitest'
import { startI18n } from '@/locales'
import { CrashPage } from './ErrorPages'

beforeAll(async () => {
  localStorage.setItem('guanxi:language', 'zh-CN')
  await startI18n()
})
afterEach(() => {
  cleanup()
  vi.restoreAllMocks()
})

function show(error: Error) {
  const root = createRootRoute({ component: () => <CrashPage error={error} reset={() => {}} /> })
  render(<RouterProvider router={createRouter({ routeTree: root, history: createMemoryHistory() })} />)
}
const lost = () => new TypeError('Failed to fetch dynamically imported module: /assets/list.js')

it('says that there is no network where the script of a page could not be fetched, and starts anew once there is', async () => {
  vi.spyOn(navigator, 'onLine', 'get').mockReturnValue(false)
  const reload = vi.spyOn(window.location, 'reload').mockImplementation(() => {})
  show(lost())
  expect(await screen.findByText('连不上服务器')).toBeTruthy()
  window.dispatchEvent(new Event('online'))
  expect(reload).toHaveBeenCalledTimes(1)
})

it('calls it a fault of the page where there is a network', async () => {
  show(lost())
  expect(await screen.findByText('这个页面出错了')).toBeTruthy()
})
