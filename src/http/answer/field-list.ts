import { type OutgoingHttpHeader, ServerResponse } from 'node:http'

/**
 * Header fields as a list of names and values by turns, which node:http writes as it stands. An object to which fields are added would
 * get a shape of its own for each response, which costs as much as writing it.
 *
 * Names are compared as they are: in lower case, as all of ours are.
 */
export class FieldList {
  readonly #list: OutgoingHttpHeader[]

  /** @param list names and values by turns, no name twice */
  constructor(list: readonly OutgoingHttpHeader[] = []) {
    this.#list = list.slice()
  }

  copy(): FieldList {
    return new FieldList(this.#list)
  }

  get(name: string): OutgoingHttpHeader | undefined {
    const at = this.#indexOf(name)
    return at === -1 ? undefined : this.#list[at + 1]
  }

  /** Sets a field, which takes the place of one of that name. */
  set(name: string, value: OutgoingHttpHeader): void {
    const at = this.#indexOf(name)
    if (at === -1) this.#list.push(name, value)
    else this.#list[at + 1] = value
  }

  delete(name: string): void {
    const at = this.#indexOf(name)
    if (at !== -1) this.#list.splice(at, 2)
  }

  /** Writes the head of a response. */
  write(res: ServerResponse, status: number): void {
    // Middleware of an app that a router is mounted in may have its own, which takes a list for pairs, as on-headers did up to 1.0.
    if (res.writeHead === ServerResponse.prototype.writeHead) res.writeHead(status, this.#list)
    else {
      this.setOn(res)
      res.writeHead(status)
    }
  }

  /** Sets the fields on a response whose head somebody else writes. */
  setOn(res: ServerResponse): void {
    const list = this.#list
    for (let at = 0; at < list.length; at += 2) res.setHeader(String(list[at]), list[at + 1] ?? '')
  }

  #indexOf(name: string): number {
    const list = this.#list
    for (let at = 0; at < list.length; at += 2) if (list[at] === name) return at
    return -1
  }
}
