import { useTranslation } from 'react-i18next'
import type { FilterExpr, ObjectDef } from '@/api/types'
import { fromApi } from '../model/filter'
import { describe } from '../model/words'
import { useFieldAt, useValueText } from './useFields'
import { useNamedFilter } from './useNamedFilter'

/** A whole filter in one sentence: “行业 是 医疗 且 地区 属于 浙江”. */
export function useFilterWords(object: ObjectDef, filter: FilterExpr | undefined): string {
  const { t } = useTranslation('records')
  const named = useNamedFilter(object, filter)
  const fieldAt = useFieldAt(object)
  const valueText = useValueText()
  const plain = t as unknown as (key: string, options?: Record<string, unknown>) => string
  return describe(fromApi(named), { fieldAt, valueText, t: plain })
}
