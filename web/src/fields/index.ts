export * from './registry'
export { Lasting, useLasting } from './shared/lasting'
export { usePeriodText } from './shared/PeriodPicker'
export { asRef, asRefs, emptyValue } from './shared/values'
