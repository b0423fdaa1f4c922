import { memo, useRef } from 'react'
import { useSeen } from '@/ui/useSeen'
import { spansOf } from './arrangement'
import type { ShownCard } from './card'
import type { Scope } from './filters'
import css from './home.module.css'
import { useColumns } from './useColumns'
import { useDeskKeys } from './useDeskKeys'

/** Columns that a card asks for. */
export const wantedBy = ({ def, width }: ShownCard) =>
  width === 'narrow' ? 1 : def.strip ? Number.POSITIVE_INFINITY : 2

const Place = memo(function Place({ card, span, scope }: { card: ShownCard; span: number; scope: Scope }) {
  const box = useRef<HTMLDivElement>(null)
  const seen = useSeen(box)
  const { View } = card.def
  return (
    <div
      ref={box}
      data-card={card.def.id}
      className={card.def.strip && card.width === 'wide' ? css.stripPlace : css.place}
      style={{ gridColumn: `span ${span}` }}
    >
      <View scope={scope} width={card.width} seen={seen} />
    </div>
  )
})

/** The cards as they were arranged, in as many columns as there is room for. */
export function DeskGrid({ shown, scope }: { shown: ShownCard[]; scope: Scope }) {
  const box = useRef<HTMLDivElement>(null)
  const columns = useColumns(box)
  const spans = spansOf(shown.map(wantedBy), columns)
  useDeskKeys(box, true)
  return (
    <div ref={box} className={css.desk} style={{ gridTemplateColumns: `repeat(${columns}, minmax(0, 1fr))` }}>
      {shown.map((card, i) => (
        <Place key={card.def.id} card={card} span={spans[i] ?? 1} scope={scope} />
      ))}
    </div>
  )
}
