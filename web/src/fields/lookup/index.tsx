import { useTranslation } from 'react-i18next'
import { useObject } from '@/api/catalogue'
import { RecordLink } from '@/ui/RecordLink'
import { Dash } from '@/ui/values'
import { targetOf } from '../shared/candidates'
import { filterOf } from '../shared/filterOf'
import { LookupEdit } from '../shared/LookupEdit'
import { LookupFilterMany, LookupFilterOne } from '../shared/LookupFilter'
import css from '../shared/shared.module.css'
import { asRef } from '../shared/values'
import type { EditProps, FieldKind, ShowProps } from '../types'

function Show({ field, value, compact }: ShowProps) {
  const { t } = useTranslation('fields')
  const target = targetOf(field)
  // A target the viewer has no access to has no page to go to.
  const reachable = useObject(target) !== undefined
  const ref = asRef(value)
  if (!ref) return <Dash />
  const look = compact ? css.line : undefined
  if (ref.title === null) return <span className={css.sub}>{t('noTitle')}</span>
  // In a history, from the time before the field named records, there is only the text.
  if (!reachable || !ref.id) return <span className={look}>{ref.title}</span>
  return (
    <span className={look}>
      <RecordLink object={target} id={ref.id}>
        {ref.title}
      </RecordLink>
    </span>
  )
}

function Edit(props: EditProps) {
  return <LookupEdit {...props} />
}

export const lookup: FieldKind = {
  Show,
  Edit,
  Filter: filterOf({ one: LookupFilterOne, many: LookupFilterMany }),
  width: 180,
  isEmpty: (v) => asRef(v) === undefined,
  toText: (v) => asRef(v)?.title ?? '',
}
