export { Trail } from './Trail'
