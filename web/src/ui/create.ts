import { createContext, useContext } from 'react'

/** Opens the form for a new record over whatever is on the page. The shell provides it. */
export type CreateRecord = (object: string, initial?: Record<string, unknown>) => void

export const CreateContext = createContext<CreateRecord>(() => {})
export const useCreateRecord = () => useContext(CreateContext)
