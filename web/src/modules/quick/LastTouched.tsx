import { ClockCircleOutlined, WarningOutlined } from '@ant-design/icons'
import { useTranslation } from 'react-i18next'
import { useViewer } from '@/api/hooks'
import type { ObjectDef, RecordData } from '@/api/types'
import { useLastContact } from '@/records/detail/LastContact'
import { MentionText } from '@/ui/MentionText'
import { RelativeTime } from '@/ui/values'
import { freshByOther, verbOf } from './fresh'
import css from './quick.module.css'

/** More is read on the record. */
const MOST = 120

/** When and by whom he was spoken to last, before one speaks to him again. */
export function LastTouched({ object, record }: { object: ObjectDef; record: RecordData }) {
  const { t } = useTranslation('quick')
  const me = useViewer()
  const { at, who, whoId, kind, what } = useLastContact(object, record)
  if (typeof at !== 'string') {
    return (
      <p className={css.last}>
        <ClockCircleOutlined aria-hidden /> {t('last.never')}
      </p>
    )
  }
  const warn = freshByOther(at, whoId, me.id)
  const name = whoId === me.id ? t('last.me') : (who ?? t('last.someone'))
  return (
    <p className={`${css.last} ${warn ? css.warn : ''}`} role={warn ? 'alert' : undefined}>
      {warn ? <WarningOutlined aria-hidden /> : <ClockCircleOutlined aria-hidden />}{' '}
      <RelativeTime value={at} /> {t(`last.${verbOf(kind?.value)}`, { who: name })}
      {what && (
        <span title={what}>
          {t('last.colon')}
          <MentionText text={what.length > MOST ? `${what.slice(0, MOST)}…` : what} />
        </span>
      )}
      {warn && <span className={css.lastHint}>{t('last.warn')}</span>}
    </p>
  )
}
