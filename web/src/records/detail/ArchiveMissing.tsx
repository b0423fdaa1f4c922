import { useTranslation } from 'react-i18next'
import type { ObjectDef, RecordData } from '@/api/types'
import { listText } from '@/fields/shared/values'
import { midSentence, useLabel, useLang } from '@/ui/useLabel'
import { useHiddenFields } from '../pool/useHiddenFields'
import { missingOf } from './archive'
import s from './detail.module.css'

/** Below how complete an archive is: what to ask for next. */
export function ArchiveMissing({ object, record }: { object: ObjectDef; record: RecordData }) {
  const { t } = useTranslation('records')
  const label = useLabel()
  const lang = useLang()
  // What a pool hides may be there.
  const hidden = useHiddenFields(record)
  const missing = missingOf(object, record)
    .filter((group) => !group.some((f) => hidden.includes(f.name)))
    .map((group) => group.map((f) => midSentence(label(f.label))).reduce((a, b) => t('archive.or', { a, b })))
  if (missing.length === 0) return null
  return <p className={s.missing}>{t('archive.missing', { list: listText(missing, lang) })}</p>
}
