import { Alert } from 'antd'
import { useTranslation } from 'react-i18next'
import { problemText } from '@/ui/states'
import css from './edit.module.css'

/** Why a form was not saved, where no field of it can say so. */
export function Trouble({ error }: { error: Error | null | undefined }) {
  const { t } = useTranslation()
  if (!error) return null
  return (
    <Alert
      type="error"
      showIcon
      role="alert"
      className={css.note}
      title={problemText(error) || t('state.failedText')}
    />
  )
}
