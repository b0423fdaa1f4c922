import type { FieldDef, FieldType } from '@/api/types'
import { address } from './address'
import { autoNumber } from './auto_number'
import { boolean } from './boolean'
import { category } from './category'
import { choice } from './choice'
import { date } from './date'
import { datetime } from './datetime'
import { decimal } from './decimal'
import { department } from './department'
import { email } from './email'
import { file } from './file'
import { formula } from './formula'
import { image } from './image'
import { integer } from './integer'
import { longText } from './long_text'
import { lookup } from './lookup'
import { money } from './money'
import { multiChoice } from './multi_choice'
import { multiLookup } from './multi_lookup'
import { percent } from './percent'
import { phone } from './phone'
import { rating } from './rating'
import { region } from './region'
import { tags } from './tags'
import { text } from './text'
import type { FieldKind } from './types'
import { url } from './url'
import { user } from './user'

export type { EditProps, FieldKind, FilterProps, ShowProps } from './types'

/** How each type is shown, edited and filtered. Keyed by the union of types: a missing one does not compile. */
export const fieldKinds: Record<FieldType, FieldKind> = {
  text,
  long_text: longText,
  integer,
  decimal,
  money,
  percent,
  boolean,
  date,
  datetime,
  choice,
  multi_choice: multiChoice,
  phone,
  email,
  url,
  region,
  address,
  lookup,
  multi_lookup: multiLookup,
  category,
  user,
  department,
  file,
  image,
  auto_number: autoNumber,
  formula,
  rating,
  tags,
}

/**
 * A formula is laid out (alignment, width) as what it yields. A type newer than this page is shown as text, and so is a
 * masked value: 138****8023 cannot be called.
 */
export function kindOf(field: FieldDef): FieldKind {
  const kind: FieldKind | undefined = fieldKinds[field.type]
  if (!kind) return text
  if (field.masked) return { ...kind, Show: text.Show }
  if (field.type !== 'formula' || !field.returns || field.returns === 'formula') return kind
  const { align, width } = fieldKinds[field.returns]
  return { ...kind, align, width }
}
