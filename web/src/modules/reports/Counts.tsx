import { CheckOutlined } from '@ant-design/icons'
import { useTranslation } from 'react-i18next'
import { useObject } from '@/api/catalogue'
import type { Count } from '@/api/work'
import { formatNumber } from '@/ui/number'
import { useLabel } from '@/ui/useLabel'
import css from './reports.module.css'

/** What something is called that is counted. */
export function useCountWord() {
  const label = useLabel()
  const fields = useObject('work_report')?.fields
  return (name: string) => label(fields?.[name]?.label, name)
}

/** How much was done, beside what is expected at least. What there was none of is left out, unless it is expected. */
export function Counts({ counts }: { counts: Count[] }) {
  const { t } = useTranslation('work')
  const word = useCountWord()
  const shown = counts.filter((c) => c.count !== null && (c.least !== null || c.count > 0))
  if (shown.length === 0) return <p className={css.none}>{t('counts.none')}</p>
  return (
    <ul className={css.counts} aria-label={t('counts.label')}>
      {shown.map(({ name, count, least }) => {
        const done = count ?? 0
        const short = least !== null && done < least
        return (
          <li key={name} className={css.count}>
            <span className={css.countName}>{word(name)}</span>
            <span className={short ? css.short : css.number}>
              {formatNumber(done)}
              {least !== null && <span className={css.least}> / {formatNumber(least)}</span>}
              {least !== null && !short && <CheckOutlined aria-hidden className={css.reached} />}
            </span>
            {least !== null && (
              <span className={css.countHint}>
                {short ? t('counts.short', { count: least - done }) : t('counts.reached')}
              </span>
            )}
          </li>
        )
      })}
    </ul>
  )
}
