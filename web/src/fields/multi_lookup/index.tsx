import { Fragment } from 'react'
import { useTranslation } from 'react-i18next'
import { useObject } from '@/api/catalogue'
import { RecordLink } from '@/ui/RecordLink'
import { Dash } from '@/ui/values'
import { targetOf } from '../shared/candidates'
import { filterOf } from '../shared/filterOf'
import { LookupEdit } from '../shared/LookupEdit'
import { LookupFilterMany, LookupFilterOne } from '../shared/LookupFilter'
import css from '../shared/shared.module.css'
import { asRefs, emptyValue, listText } from '../shared/values'
import type { EditProps, FieldKind, ShowProps } from '../types'

function Show({ field, value, compact }: ShowProps) {
  const { t, i18n } = useTranslation('fields')
  const target = targetOf(field)
  const reachable = useObject(target) !== undefined
  if (emptyValue(value)) return <Dash />
  const comma = i18n.language.startsWith('zh') ? '、' : ', '
  return (
    <span className={compact ? css.line : css.words}>
      {asRefs(value).map((ref, i) => (
        <Fragment key={ref.id}>
          {i > 0 && comma}
          {reachable && ref.title !== null ? (
            <RecordLink object={target} id={ref.id}>
              {ref.title}
            </RecordLink>
          ) : (
            (ref.title ?? t('noTitle'))
          )}
        </Fragment>
      ))}
    </span>
  )
}

function Edit(props: EditProps) {
  return <LookupEdit {...props} many />
}

export const multiLookup: FieldKind = {
  Show,
  Edit,
  Filter: filterOf({ one: LookupFilterOne, many: LookupFilterMany }),
  width: 200,
  isEmpty: emptyValue,
  toText: (v, _, { lang }) =>
    listText(
      asRefs(v).map((r) => r.title ?? ''),
      lang,
    ),
}
