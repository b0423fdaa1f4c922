import { createContext, useContext } from 'react'

/**
 * Around the editors of conditions that are kept and hold for everybody at any time (a sharing rule): there is no “me”, no “my
 * department” and no “last week” to choose. `daily`: they are asked anew every day, so that periods may be named.
 */
export const Lasting = createContext<boolean | 'daily'>(false)
export const useLasting = () => useContext(Lasting)
