import { useTranslation } from 'react-i18next'
import { useCatalogue } from '@/api/catalogue'
import type { ObjectDef, RecordData } from '@/api/types'
import { ListLink } from '../data/nav'
import s from './detail.module.css'
import { listBehind } from './figures'

/** Beside a number that counts records: the list of them. */
export function FigureLink({
  object,
  field,
  record,
}: {
  object: ObjectDef
  field: string
  record: RecordData
}) {
  const { t } = useTranslation('records')
  const { objects } = useCatalogue()
  const list = listBehind(object.name, field, record)
  // The catalogue names nothing that the viewer may not read.
  if (!list || !objects[list.object]) return null
  return (
    <p className={s.missing}>
      <ListLink object={list.object} search={{ filter: list.filter }}>
        {t('figures.list')}
      </ListLink>
    </p>
  )
}
