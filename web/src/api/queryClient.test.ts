import { MutationObserver, onlineManager, QueryObserver } from '@tanstack/react-query'
import { afterEach, expect, it } from 'vitest'
import { ApiError } from './client'
import { queryClient } from './queryClient'

afterEach(() => {
  onlineManager.setOnline(true)
  queryClient.clear()
})

const offline = () => Promise.reject(new ApiError({ title: 'offline', status: 0, code: 'offline' }))

it('saves at once without a network, so that the page can say what became of it', async () => {
  onlineManager.setOnline(false)
  const saving = new MutationObserver(queryClient, { mutationFn: offline })
  await expect(saving.mutate()).rejects.toThrow(ApiError)
})

it('reads again what it could not read, once the network is back', async () => {
  onlineManager.setOnline(false)
  queryClient.mount()
  let answers = offline as () => Promise<string>
  const reading = new QueryObserver(queryClient, {
    queryKey: ['any'],
    queryFn: () => answers(),
    retry: false,
  })
  const states: string[] = []
  const leave = reading.subscribe((r) => states.push(`${r.status} ${r.fetchStatus}`))
  await expect.poll(() => states.at(-1)).toBe('error idle')
  answers = () => Promise.resolve('there')
  onlineManager.setOnline(true)
  await expect.poll(() => reading.getCurrentResult().data).toBe('there')
  leave()
  queryClient.unmount()
})
