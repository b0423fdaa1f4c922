import { cleanup, fireEvent, render } from '@testing-library/react'
import type { ReactNode } from 'react'
import { afterEach, expect, it, vi } from 'vitest'
import { useShortcut } from './useShortcut'

afterEach(cleanup)

function Shell({ run, children }: { run: () => void; children?: ReactNode }) {
  useShortcut('c', run, { below: true })
  return children
}

function Screen({ run }: { run: () => void }) {
  useShortcut('c', run)
  return null
}

it('lets the screen have a key that the shell has too, also when both are drawn at once', () => {
  const [shell, screen] = [vi.fn(), vi.fn()]
  const { rerender } = render(
    <Shell run={shell}>
      <Screen run={screen} />
    </Shell>,
  )
  fireEvent.keyDown(document.body, { key: 'c' })
  expect([shell, screen].map((f) => f.mock.calls.length)).toEqual([0, 1])
  rerender(<Shell run={shell} />)
  fireEvent.keyDown(document.body, { key: 'c' })
  expect([shell, screen].map((f) => f.mock.calls.length)).toEqual([1, 1])
})
