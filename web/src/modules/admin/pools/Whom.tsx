import { ApartmentOutlined } from '@ant-design/icons'
import { useTranslation } from 'react-i18next'
import type { Ref } from '@/api/types'
import { Person } from '@/ui/Avatar'
import sharing from '../sharing/sharing.module.css'

interface Props {
  everybody: boolean
  people: Ref[]
  departments: Ref[]
}

/** People and departments a setting is for. */
export function Whom({ everybody, people, departments }: Props) {
  const { t } = useTranslation('pools')
  const { t: admin } = useTranslation('admin')
  if (everybody) return <>{t('everybody')}</>
  return (
    <span className={sharing.whom}>
      {people.map((who) => (
        <Person key={who.id} who={who} />
      ))}
      {departments.map((d) => (
        <span key={d.id} className={sharing.group} title={admin('sharing.withBelow')}>
          <ApartmentOutlined aria-hidden /> {d.title}
        </span>
      ))}
    </span>
  )
}
