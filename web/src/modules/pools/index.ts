export { PoolsPage } from './PoolsPage'
