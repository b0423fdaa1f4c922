export { PipelinesPage } from './PipelinesPage'
