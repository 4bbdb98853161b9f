export { api, clickKey, ifMatch } from './client'
export { context, offline } from './connection'
export type * from './types'
