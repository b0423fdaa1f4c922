/** Everything a screen needs from the server, in one import. */
export * from './catalogue'
export * from './mutations'
export * from './pools'
export * from './records'
export * from './resources'
export * from './session'
export * from './team'
