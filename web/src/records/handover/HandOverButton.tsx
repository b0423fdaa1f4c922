import { SwapOutlined } from '@ant-design/icons'
import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { can, useCatalogue } from '@/api/hooks'
import type { RecordData } from '@/api/types'
import { useGo } from '../data/nav'
import { useNarrow } from '../parts/useNarrow'

/** Whoever may give records of any kind to others. */
export const useMayHandOver = () =>
  Object.values(useCatalogue().objects).some(
    (o) => o.traits.includes('owned') && can(o, 'update') && can(o, 'transfer'),
  )

/** On the page of a colleague: hand over what is his. */
export function HandOverButton({ user }: { user: RecordData }) {
  const { t } = useTranslation('handover')
  const narrow = useNarrow()
  const go = useGo()
  if (!useMayHandOver()) return null
  return (
    <Button
      icon={<SwapOutlined aria-hidden />}
      aria-label={t('action')}
      onClick={() => void go.handOver(user.id)}
    >
      {!narrow && t('action')}
    </Button>
  )
}
