import type { Pass } from '../api'

/** The private link: the secret is the fragment, which no browser sends and no log sees. */
export const pathOf = ({ number, secret }: Pass) => ({ path: `/r/${number}`, hash: `#${secret}` })

export const addressOf = ({ number, secret }: Pass) => `${location.origin}/p/r/${number}#${secret}`
