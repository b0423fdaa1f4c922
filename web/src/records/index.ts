import { lazy } from 'react'

/**
 * Any object of the catalogue, drawn: list, board, calendar, page, form, import, recycle bin. Lists and pages come
 * together, for one leads to the other; what is opened now and then is fetched when it is.
 */
export { RecordDetailPage } from './detail/RecordDetailPage'
export { RecordFormDrawer, type RecordFormDrawerProps } from './form/RecordFormDrawer'
export { RecordListPage } from './list/RecordListPage'

export const ImportPage = lazy(() => import('./import/ImportPage').then((m) => ({ default: m.ImportPage })))
export const TrashPage = lazy(() => import('./trash/TrashPage').then((m) => ({ default: m.TrashPage })))
