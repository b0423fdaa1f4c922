import { expect, it } from 'vitest'
import { lastCells } from './refusals'

it('reads the last cell of every whole row, quoted or not', () => {
  const csv = [
    '\uFEFF名称,电话,原因\r\n',
    '甲,139,不是号码\r\n',
    '"乙, 二",,"第 2 行：“a,b”\n不是整数"\r\n',
    '丙,,"他说 ""不"""\n',
    '丁,1,还没',
  ].join('')
  expect(lastCells(csv)).toEqual(['原因', '不是号码', '第 2 行：“a,b”\n不是整数', '他说 "不"'])
})
