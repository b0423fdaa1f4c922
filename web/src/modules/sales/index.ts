export { AnalysisPage } from './AnalysisPage'
