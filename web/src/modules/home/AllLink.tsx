import { useTranslation } from 'react-i18next'
import { ListLink } from '@/records/data/nav'
import type { ListSearch } from '@/records/model/viewState'
import { formatNumber } from '@/ui/number'

interface Props {
  object: string
  search: ListSearch
  count: number
  /** There are so many, and more that nobody counted. */
  more?: boolean
}

/** To the list of everything of which a card shows the first. */
export function AllLink({ object, search, count, more }: Props) {
  const { t } = useTranslation('home')
  if (count === 0) return null
  return (
    <ListLink object={object} search={search}>
      {t('all', { count, shown: more ? `${formatNumber(count)}+` : formatNumber(count) })}
    </ListLink>
  )
}
