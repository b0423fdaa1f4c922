import { lazy, Suspense, useRef } from 'react'
import { useCatalogue } from '@/api/catalogue'
import type { RecordData } from '@/api/types'
import { TextSkeleton } from '@/ui/Skeletons'
import { useLabel } from '@/ui/useLabel'
import { useSeen } from '@/ui/useSeen'
import s from '../detail/detail.module.css'

const BuyingCentre = lazy(() => import('./BuyingCentre').then((m) => ({ default: m.BuyingCentre })))

/** Of opportunities only. Nothing is fetched or asked before one has come near it. */
export function BuyingSection({ record }: { record: RecordData }) {
  const label = useLabel()
  const target = useCatalogue().objects.opportunity_contact
  const box = useRef<HTMLDivElement>(null)
  const seen = useSeen(box)
  if (!target) return null
  const waiting = (
    <section className={s.section}>
      <h2 className={s.sectionTitle}>{label(target.plural)}</h2>
      <TextSkeleton lines={3} />
    </section>
  )
  return (
    <div ref={box} className={s.links}>
      {seen ? (
        <Suspense fallback={waiting}>
          <BuyingCentre target={target} record={record} />
        </Suspense>
      ) : (
        waiting
      )}
    </div>
  )
}
