/** A queue that gives from both ends, each time in constant time however long it is. */
export class Deque<Item> {
  /** In the order of their arrival, from `#first` on. */
  #items: Item[] = []
  #first = 0

  get length(): number {
    return this.#items.length - this.#first
  }

  get first(): Item | undefined {
    return this.#items[this.#first]
  }

  push(item: Item): void {
    this.#items.push(item)
  }

  takeFirst(): Item | undefined {
    if (this.length === 0) return undefined
    const item = this.#items[this.#first++]
    // Lets go of what was given, now and then: each time would cost the length of the queue.
    if (this.#first * 2 > this.#items.length) {
      this.#items = this.#items.slice(this.#first)
      this.#first = 0
    }
    return item
  }

  takeLast(): Item | undefined {
    return this.length === 0 ? undefined : this.#items.pop()
  }
}
