export { ProgressPage, type TargetsSearch } from './ProgressPage'
