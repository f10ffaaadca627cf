import type { Socket } from 'node:net'
import { networkOf } from '../network.js'

/** How many requests are in flight, and of whom. */
export interface PlaceLimits {
  /** Requests in flight at once; 0 for any number. */
  readonly maxInFlight: number
  /** Percentage of them that may come from one address, and so over one connection; by default all. */
  readonly inFlightShare?: number
}

/** However small the share, nobody is held to fewer. */
const LEAST_SHARE = 4

interface Holder {
  readonly network: string
  held: number
}

/** What is given to a request, and given back once. */
export type Place = () => void

/** The places of requests in flight. No address holds more than its share of them. */
export class Places {
  readonly #max: number
  readonly #share: number
  readonly #byNetwork = new Map<string, Holder>()
  readonly #bySocket = new WeakMap<Socket, Holder>()
  #taken = 0

  constructor({ maxInFlight, inFlightShare = 100 }: PlaceLimits) {
    this.#max = maxInFlight === 0 ? Infinity : maxInFlight
    const share = Math.ceil((this.#max * inFlightShare) / 100)
    this.#share = Math.min(this.#max, Math.max(LEAST_SHARE, share))
  }

  get taken(): number {
    return this.#taken
  }

  get isFull(): boolean {
    return this.#taken >= this.#max
  }

  /** @returns why there is no place for a request of this connection */
  take(socket: Socket): Place | 'in flight' | 'share' {
    if (this.isFull) return 'in flight'
    const holder = this.#holderOf(socket)
    if (holder.held >= this.#share) return 'share'
    this.#taken++
    if (holder.held++ === 0) this.#byNetwork.set(holder.network, holder)
    let isHeld = true
    return () => {
      if (!isHeld) return
      isHeld = false
      this.#taken--
      if (--holder.held === 0) this.#byNetwork.delete(holder.network)
    }
  }

  /** Whose requests those of a connection are. */
  networkOf(socket: Socket): string {
    return this.#holderOf(socket).network
  }

  #holderOf(socket: Socket): Holder {
    const known = this.#bySocket.get(socket)
    // One that holds nothing may have been replaced meanwhile by a holder of the same network.
    if (known && known.held > 0) return known
    const network = known?.network ?? networkOf(socket.remoteAddress ?? '')
    const holder = this.#byNetwork.get(network) ?? known ?? { network, held: 0 }
    if (holder !== known) this.#bySocket.set(socket, holder)
    return holder
  }
}
