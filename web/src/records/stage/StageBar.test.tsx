import { QueryClientProvider } from '@tanstack/react-query'
import { createMemoryHistory, createRootRoute, createRouter, RouterProvider } from '@tanstack/react-router'
import { cleanup, fireEvent, render, screen, waitFor } from '@testing-library/react'
import { App } from 'antd'
import { afterEach, beforeAll, expect, it, vi } from 'vitest'
import { keys, queryClient } from '@/api/queryClient'
import type { Catalogue, ObjectDef, RecordData } from '@/api/types'
import { startI18n } from '@/locales'
import { field, object } from '../model/testkit'
import { Saver } from '../parts/Saver'
import { StageBar } from './StageBar'

const stage: ObjectDef = {
  ...object([field('name', 'text'), field('required_fields', 'tags')]),
  name: 'stage',
}
const deal: ObjectDef = {
  ...object([
    field('name', 'text'),
    field('pipeline', 'lookup', { to: 'pipeline' }),
    field('stage', 'lookup', { to: 'stage', where: { pipeline: 'pipeline' } }),
  ]),
  name: 'opportunity',
}
const stages = ['初步接触', '方案报价', '商务谈判'].map((name, i) => ({
  id: `s${i}`,
  version: 1,
  name,
  kind: 'open',
  sort_order: i,
  probability: '10',
}))
const record: RecordData = {
  id: 'o1',
  version: 1,
  name: '年框',
  pipeline: { id: 'p1', title: '标准' },
  stage: { id: 's0', title: '初步接触' },
}

beforeAll(async () => {
  localStorage.setItem('guanxi:language', 'zh-CN')
  await startI18n()
})
afterEach(() => {
  cleanup()
  queryClient.clear()
  vi.unstubAllGlobals()
})

async function show() {
  const fetched = vi.fn(async (_path: string, init?: RequestInit) => {
    const body = init?.method === 'PATCH' ? { ...record, version: 2 } : { items: stages, next: null }
    return new Response(JSON.stringify(body), { headers: { 'Content-Type': 'application/json' } })
  })
  vi.stubGlobal('fetch', fetched)
  queryClient.setQueryData(keys.catalogue, {
    version: 't',
    workspace: { currency: 'CNY' },
    abilities: [],
    modules: [],
    objects: { stage, opportunity: deal },
  } as unknown as Catalogue)
  const router = createRouter({
    routeTree: createRootRoute({
      component: () => (
        <Saver object={deal}>
          <StageBar object={deal} record={record} />
        </Saver>
      ),
    }),
    history: createMemoryHistory({ initialEntries: ['/'] }),
  })
  await router.load()
  render(
    <QueryClientProvider client={queryClient}>
      <App>
        <RouterProvider router={router as never} />
      </App>
    </QueryClientProvider>,
  )
  await screen.findByRole('button', { name: '方案报价' })
  return () =>
    fetched.mock.calls.flatMap(([, init]) =>
      init?.method === 'PATCH' ? [JSON.parse(String(init.body))] : [],
    )
}
const step = (name: string) => screen.getByRole('button', { name })
const key = (name: string) => fireEvent.keyDown(document.activeElement ?? document.body, { key: name })

it('goes with a key to the next stage, with the arrows to any, and moves only when that is taken', async () => {
  const sent = await show()
  key('s')
  expect(document.activeElement).toBe(step('方案报价'))
  key('ArrowRight')
  expect(document.activeElement).toBe(step('商务谈判'))
  key('ArrowRight')
  expect(document.activeElement).toBe(step('商务谈判'))
  key('ArrowLeft')
  key('ArrowLeft')
  expect(document.activeElement).toBe(step('初步接触'))
  key('Escape')
  expect(document.activeElement).toBe(document.body)
  expect(sent()).toEqual([])
  key('s')
  fireEvent.click(step('方案报价'))
  await waitFor(() => expect(sent()).toMatchObject([{ stage: 's1' }]))
})
