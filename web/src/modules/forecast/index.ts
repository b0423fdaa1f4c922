export { ForecastPage } from './ForecastPage'
