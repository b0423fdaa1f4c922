export { DocumentLines } from './DocumentLines'
