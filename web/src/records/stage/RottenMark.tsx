import { ClockCircleOutlined } from '@ant-design/icons'
import { useTranslation } from 'react-i18next'
import { Chip } from '@/ui/Chip'

/** On a card that has not moved for longer than its stage bears. */
export function RottenMark({ days }: { days: number }) {
  const { t } = useTranslation('sales')
  return (
    <Chip color="red">
      <ClockCircleOutlined aria-hidden /> {t('rotting', { count: days })}
    </Chip>
  )
}
