import type { Pass } from '../api'
import { hrefOf } from './place'

/** The private link: the secret is the fragment, which no browser sends and no log sees. */
export const pathOf = ({ number, secret }: Pass) => `/r/${encodeURIComponent(number)}#${encodeURIComponent(secret)}`

export const addressOf = (pass: Pass) => location.origin + hrefOf(pathOf(pass))
