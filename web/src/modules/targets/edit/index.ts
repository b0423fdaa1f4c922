export { EditPage, type TargetsEditSearch } from './EditPage'
