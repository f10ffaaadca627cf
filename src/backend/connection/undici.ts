import type * as Undici from 'undici'
import { onDemand } from '../../base/on-demand.js'

/** undici, from the first connection on. */
export const undici = onDemand((require) => require('undici') as typeof Undici)
