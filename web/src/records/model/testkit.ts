/** Small definitions for tests. */
import type { FieldDef, ObjectDef } from '@/api/types'

export const field = (name: string, type: FieldDef['type'], more: Partial<FieldDef> = {}): FieldDef => ({
  name,
  type,
  label: { zh: name, en: name },
  operators: ['='],
  writable: true,
  readable: true,
  ...more,
})
export const object = (fields: FieldDef[], layout: ObjectDef['layout'] = {}): ObjectDef => ({
  name: 'deal',
  module: 'sales',
  label: { zh: '商机', en: 'Deal' },
  plural: { zh: '商机', en: 'Deals' },
  title: 'name',
  traits: [],
  can: ['create', 'update'],
  fields: Object.fromEntries(fields.map((f) => [f.name, f])),
  layout,
})
