import { Deque } from './deque.js'

/**
 * A queue that gives each network its turn: whoever sends thousands waits behind those, and nobody else does. Among the
 * items of one network both ends can be taken from.
 */
export class FairQueue<Item> {
  /** None is empty. The first has its turn. */
  readonly #byNetwork = new Map<string, Deque<Item>>()
  #length = 0

  get length(): number {
    return this.#length
  }

  /** How many networks have something in it. */
  get networks(): number {
    return this.#byNetwork.size
  }

  lengthOf(network: string): number {
    return this.#byNetwork.get(network)?.length ?? 0
  }

  push(network: string, item: Item): void {
    let items = this.#byNetwork.get(network)
    if (!items) {
      items = new Deque()
      this.#byNetwork.set(network, items)
    }
    items.push(item)
    this.#length++
  }

  /** @returns the oldest or the newest item of the network whose turn it is */
  take(which: 'oldest' | 'newest'): Item | undefined {
    for (const [network, items] of this.#byNetwork) {
      const item = which === 'oldest' ? items.takeFirst() : items.takeLast()
      this.#length--
      this.#byNetwork.delete(network)
      if (items.length > 0) this.#byNetwork.set(network, items)
      return item
    }
    return undefined
  }

  /**
   * Takes the oldest items of each network, one after the other.
   *
   * @param isDue whether one is to be taken, by what its network has in the queue; those behind one that is not stay
   */
  *takeDue(isDue: (item: Item, inNetwork: number) => boolean): Generator<Item> {
    for (const [network, items] of this.#byNetwork) {
      for (;;) {
        const { first } = items
        if (first === undefined || !isDue(first, items.length)) break
        items.takeFirst()
        this.#length--
        yield first
      }
      if (items.length === 0) this.#byNetwork.delete(network)
    }
  }
}
