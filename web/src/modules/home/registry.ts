import type { Placed, Width } from './arrangement'
import type { CardDef, CardId } from './card'
import { care } from './cards/Care'
import { contact } from './cards/Contact'
import { figures } from './cards/Figures'
import { idle } from './cards/Idle'
import { leads } from './cards/Leads'
import { movement } from './cards/Movement'
import { notifications } from './cards/Notifications'
import { pipeline } from './cards/Pipeline'
import { plan } from './cards/Plan'
import { recent } from './cards/Recent'
import { recycling } from './cards/Recycling'
import { tasks } from './cards/Tasks'
import { team } from './cards/Team'
import { work } from './cards/Work'

/** Every card there is, in the order in which they are offered. */
export const cards: readonly CardDef[] = [
  figures,
  plan,
  tasks,
  work,
  contact,
  idle,
  care,
  leads,
  pipeline,
  movement,
  recycling,
  notifications,
  recent,
  team,
]

type Usual = readonly (readonly [CardId, Width?])[]

/** The desk of who has arranged nothing yet. A card that does not fit him is left out. */
const own: Usual = [
  ['figures'],
  ['plan'],
  ['tasks'],
  ['leads'],
  ['contact'],
  ['pipeline', 'wide'],
  ['movement', 'wide'],
  ['recycling'],
  ['idle'],
  ['care'],
  ['work'],
  ['notifications'],
  ['recent'],
]

/** Of who leads: how the others stand comes first. */
const leading: Usual = [
  ['figures'],
  ['team', 'wide'],
  ['plan'],
  ['pipeline'],
  ['movement', 'wide'],
  ['tasks'],
  ['contact'],
  ['idle'],
  ['care'],
  ['leads'],
  ['notifications'],
  ['recent'],
]

export const usual = (leads: boolean): Placed[] =>
  (leads ? leading : own).map(([card, width]) => (width ? { card, width } : { card }))
