import type { FieldDef, ObjectDef, RecordData } from '@/api/types'

/** What must be written so that the stage `id` stands where `to` stands now; all are numbered from one. */
export function moved(
  stages: readonly RecordData[],
  id: string,
  to: number,
): { record: RecordData; order: number }[] {
  const from = stages.findIndex((s) => s.id === id)
  const picked = stages[from]
  if (!picked || to < 0 || to >= stages.length || from === to) return []
  const rest = stages.filter((s) => s.id !== id)
  const next = [...rest.slice(0, to), picked, ...rest.slice(to)]
  return next
    .map((record, i) => ({ record, order: i + 1 }))
    .filter(({ record, order }) => Number(record.sort_order) !== order)
}

/** Where it stands itself is nothing a stage can ask for. */
const PLACE = ['pipeline', 'stage', 'status']

/** Fields that somebody can fill, so that a stage may ask for them. */
export const askable = (object: ObjectDef | undefined): FieldDef[] =>
  Object.values(object?.fields ?? {}).filter(
    (f) =>
      !f.system &&
      !f.hidden &&
      f.writable !== false &&
      !PLACE.includes(f.name) &&
      f.type !== 'formula' &&
      f.type !== 'auto_number',
  )
