export * from './registry'
export { usePeriodText } from './shared/PeriodPicker'
export { asRef, asRefs, emptyValue } from './shared/values'
