import { Segmented } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ObjectDef, RecordData } from '@/api/types'
import { formatNumber } from '@/ui/number'
import { RecordLink } from '@/ui/RecordLink'
import { TextSkeleton } from '@/ui/Skeletons'
import { ErrorState } from '@/ui/states'
import s from '../detail/detail.module.css'
import { LinksGraph } from './LinksGraph'
import css from './links.module.css'
import { useTies } from './useTies'
import { useTieWords } from './useTieWords'

/** Who hangs together with this customer: above and below it, beside it, and who works there. */
export function Links({ object, record }: { object: ObjectDef; record: RecordData }) {
  const { t } = useTranslation('records')
  const words = useTieWords()
  const [as, setAs] = useState<'graph' | 'list'>('graph')
  const { ties, more, pending, error, retry } = useTies(record)
  const name = String(record[object.title] ?? '')
  return (
    <section className={s.section} aria-label={t('links.title')}>
      <div className={s.relatedHead}>
        <h2 className={s.sectionTitle}>{t('links.title')}</h2>
        <span className={s.grow} />
        {ties.length > 0 && (
          <Segmented
            size="small"
            aria-label={t('links.as')}
            value={as}
            onChange={setAs}
            options={[
              { value: 'graph', label: t('links.graph') },
              { value: 'list', label: t('links.list') },
            ]}
          />
        )}
      </div>
      {error ? (
        <ErrorState compact error={error} onRetry={retry} />
      ) : pending ? (
        <TextSkeleton lines={3} />
      ) : ties.length === 0 ? (
        <p className={s.none}>{t('links.none')}</p>
      ) : as === 'graph' ? (
        <LinksGraph name={name} ties={ties} />
      ) : (
        <ul className={css.list} aria-label={t('links.of', { name })}>
          {ties.map((tie) => (
            <li key={tie.key}>
              {tie.title === null ? (
                <span className={css.quiet}>{t('links.hidden')}</span>
              ) : (
                <RecordLink object={tie.object} id={tie.id} className={s.rowLink}>
                  {tie.title}
                </RecordLink>
              )}
              <span className={css.quiet}>{words(tie)}</span>
            </li>
          ))}
        </ul>
      )}
      {!pending && more > 0 && (
        <p className={s.none}>{t('links.more', { count: more, shown: formatNumber(more) })}</p>
      )}
    </section>
  )
}
