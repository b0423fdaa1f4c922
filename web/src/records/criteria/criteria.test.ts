import { describe, expect, it } from 'vitest'
import { emptyGroup, fromApi } from '@/records/model/filter'
import { field } from '@/records/model/testkit'
import { describe as inWords, type WordsContext } from '@/records/model/words'
import { readCriteria, writeCriteria } from './criteria'

const fields = {
  industry: field('industry', 'choice'),
  level: field('level', 'choice'),
  amount: field('amount', 'money'),
}
const words: WordsContext = {
  fieldAt: (path) => {
    const found = fields[path as keyof typeof fields]
    return found && { field: found, label: path.toUpperCase() }
  },
  valueText: (_, value) => String(value),
  t: (key, options) =>
    ({
      'words.condition': `${options?.field} ${options?.op} ${options?.value}`,
      'words.and': ' and ',
      'words.or': ' or ',
      'words.group': `(${options?.text})`,
      'words.comma': ', ',
    })[key] ?? key.replace('op.', ''),
}
const said = (text: string) => inWords(fromApi(readCriteria(text)), words)

describe('the criteria of a sharing rule', () => {
  it('are read from their JSON text into words', () => {
    expect(said('["industry","in",["medical","finance"]]')).toBe('INDUSTRY in medical, finance')
    expect(said('{"and":[["level","=","a"],{"or":[["amount",">","5"],["industry","=","medical"]]}]}')).toBe(
      'LEVEL eq a and (AMOUNT gt 5 or INDUSTRY eq medical)',
    )
  })
  it('say nothing where the text is none', () => {
    for (const bad of ['', '  ', '{', '7', '{"and":[]}', null, undefined, 3])
      expect(readCriteria(bad)).toBeUndefined()
  })
  it('are written without titles and without what is half written', () => {
    const root = fromApi({
      and: [
        ['owner', '=', { id: 'u1', title: '王磊' }],
        ['level', 'in', []],
      ],
    })
    expect(writeCriteria(root)).toBe('["owner","=","u1"]')
    expect(writeCriteria(emptyGroup())).toBe('')
    expect(readCriteria(writeCriteria(root))).toEqual(['owner', '=', 'u1'])
  })
})
