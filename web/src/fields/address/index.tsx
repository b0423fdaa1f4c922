import { text } from '../text'
import type { FieldKind } from '../types'

export const address: FieldKind = { ...text, width: 240 }
