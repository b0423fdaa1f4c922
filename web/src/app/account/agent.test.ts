import { expect, test } from 'vitest'
import { agentText } from './agent'

test('a browser is called by its own name, not by those it pretends to be', () => {
  const edge =
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0 Safari/537.36 Edg/130.0'
  const phone =
    'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Safari/604.1'
  expect(agentText(edge)).toBe('Edge · Windows')
  expect(agentText(phone)).toBe('Safari · iOS')
  expect(agentText('curl/8.5')).toBe('')
})
