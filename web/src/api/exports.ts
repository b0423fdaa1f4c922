/** An export as it stands: `running`, `waiting`, `done`, `rejected`, `cancelled`, `failed`. */
export interface ExportInfo {
  id: string
  object: string
  state: string
  rows: number
  file_name: string | null
  /** Why it failed, or was refused. */
  message?: string | null
}
