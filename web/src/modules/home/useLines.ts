import { useNarrow } from '@/records/parts/useNarrow'

/** So many lines a card has room for; `home.module.css` has their heights. Fewer on a phone, where cards stand below each other. */
export const useLines = (): number => (useNarrow() ? 4 : 6)
