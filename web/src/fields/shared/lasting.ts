import { createContext, useContext } from 'react'

/**
 * Around the editors of conditions that are kept and hold for everybody at any time (a sharing rule): there is no “me”, no “my
 * department” and no “last week” to choose.
 */
export const Lasting = createContext(false)
export const useLasting = () => useContext(Lasting)
