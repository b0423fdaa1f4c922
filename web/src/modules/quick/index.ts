export { QuickEntry } from './QuickEntry'
