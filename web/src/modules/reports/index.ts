export { WorkPage, type WorkSearch } from './WorkPage'
