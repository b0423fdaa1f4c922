import { expect, it } from 'vitest'
import { tile } from './Watermark'

it('draws any name, and nothing but the name', () => {
  const image = decodeURIComponent(tile(['<img src=x onerror=alert(1)> "王\'&\u0007', '2026-11-21']))
  expect(image).not.toContain('<img')
  expect(image).not.toContain('\u0007')
  expect(image).toContain('王')
  expect(image).toContain('2026-11-21')
})

it('cannot be broken out of by a quote', () => {
  const inside = tile(['") ; background: red', '']).slice('url("'.length, -'")'.length)
  expect(inside).not.toMatch(/["\s]/)
})
