import type { ComponentType } from 'react'
import type { ObjectDef } from '@/api/types'
import type { Placed, Width } from './arrangement'
import type { Scope } from './filters'

/** Where a desk stands: whose it is, and what of the workspace he may see. */
export interface Place {
  objects: Record<string, ObjectDef>
  /** He leads somebody, or sees more than his own; undefined until it is known. */
  people: boolean | undefined
}

export interface CardProps {
  scope: Scope
  width: Width
  /** Near enough to be seen: until then nothing is asked for. */
  seen: boolean
}

/** A card of the desk. Its words are `card.<id>.name` and `card.<id>.about` in the locales. */
export interface CardDef {
  /** Kept with people: never changed. */
  id: CardId
  /** Name of the catalogue's icons. */
  icon: string
  width: Width
  /** Wide, it takes the whole row and is only as high as it must be. */
  strip?: boolean
  /** Is there something for this viewer to see in it? Asked of the catalogue, which names nothing that he may not read. */
  fits(at: Place): boolean
  View: ComponentType<CardProps>
}

export type CardId = keyof typeof import('@/locales/zh-CN/home.json')['card']

export interface ShownCard {
  def: CardDef
  placed: Placed
  width: Width
}
