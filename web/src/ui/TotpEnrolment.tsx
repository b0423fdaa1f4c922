import { QRCode } from 'antd'
import { useTranslation } from 'react-i18next'
import css from './totp.module.css'

/** What an authenticator app needs: to be scanned, or typed. */
export function TotpEnrolment({ secret, uri }: { secret: string; uri: string }) {
  const { t } = useTranslation()
  return (
    <div className={css.enrolment}>
      <p>{t('totp.scan')}</p>
      <div role="img" aria-label={t('totp.qr')} className={css.qr}>
        {/* Always dark on light: not every app reads it the other way round. */}
        <QRCode type="svg" value={uri} size={184} bordered={false} color="black" bgColor="white" />
      </div>
      <p className={css.secret}>
        {t('totp.secret')} <code>{secret.replace(/(.{4})/g, '$1 ').trim()}</code>
      </p>
    </div>
  )
}

/** Shown once; each signs in once. */
export function RecoveryCodes({ codes }: { codes: string[] }) {
  return (
    <ol className={css.codes}>
      {codes.map((code) => (
        <li key={code}>
          <code>{code}</code>
        </li>
      ))}
    </ol>
  )
}
