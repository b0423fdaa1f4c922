import { lazy, Suspense, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import type { ObjectDef, RecordData } from '@/api/types'
import { TextSkeleton } from '@/ui/Skeletons'
import { useSeen } from '@/ui/useSeen'
import s from '../detail/detail.module.css'

const Links = lazy(() => import('./Links').then((m) => ({ default: m.Links })))

/** Of customers only. Nothing is fetched or asked before one has come near it. */
export function LinksSection({ object, record }: { object: ObjectDef; record: RecordData }) {
  const { t } = useTranslation('records')
  const box = useRef<HTMLDivElement>(null)
  const seen = useSeen(box)
  const waiting = (
    <section className={s.section}>
      <h2 className={s.sectionTitle}>{t('links.title')}</h2>
      <TextSkeleton lines={3} />
    </section>
  )
  return (
    <div ref={box} className={s.links}>
      {seen ? (
        <Suspense fallback={waiting}>
          <Links object={object} record={record} />
        </Suspense>
      ) : (
        waiting
      )}
    </div>
  )
}
