export const recordAbilities = ['import', 'export', 'mass_update', 'transfer', 'reveal'] as const
/** What one may do with records besides reading and writing single ones. */
export type RecordAbility = (typeof recordAbilities)[number]
export type Ability = RecordAbility | 'customize' | 'administer'
/** What the viewer may do with an object. */
export type Capability = 'create' | 'update' | 'delete' | 'customize' | RecordAbility
