import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { RecoveryCodes } from '@/ui/TotpEnrolment'
import css from './sign-in.module.css'

/** One is in; the recovery codes are shown before one goes on, because they never will be again. */
export function CodesStep({ codes, onDone }: { codes: string[]; onDone(): void }) {
  const { t } = useTranslation()
  return (
    <>
      <h1 className={css.title}>{t('totp.codes')}</h1>
      <p className={css.text}>{t('totp.codesOnce')}</p>
      <RecoveryCodes codes={codes} />
      <Button block type="primary" size="large" onClick={onDone}>
        {t('totp.goOn')}
      </Button>
    </>
  )
}
