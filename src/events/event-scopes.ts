import type { Identity } from '../adapter/rest.js'
import { AdapterError } from '../base/errors.js'

/** Who may have which events: `scopes` of a webhook's x-soap. */
export class EventScopes {
  /** Of the events of the contract. */
  readonly types: readonly string[]
  readonly #needed: ReadonlyMap<string, readonly string[]>
  readonly #isOff: boolean

  /**
   * @param needed scopes by type, all of which are needed
   * @param isOff whether nobody is asked who they are, and everybody may have everything
   */
  constructor(needed: ReadonlyMap<string, readonly string[]>, { isOff }: { readonly isOff: boolean }) {
    this.types = [...needed.keys()]
    this.#needed = needed
    this.#isOff = isOff
  }

  /**
   * @param type one that this contract does not have is of one before or after it, which has judged the subscription
   * @param held scopes of who is to have it
   */
  allows(type: string, held: readonly string[]): boolean {
    return this.#isOff || (this.#needed.get(type) ?? []).every((scope) => held.includes(scope))
  }

  /**
   * What a caller gets.
   *
   * @param asked types; all that the caller may have where it is undefined. Others than the contract's are nothing
   * @throws AdapterError `forbidden` where one of those asked for may not be had, or none at all
   */
  granted(asked: readonly string[] | undefined, identity: Identity | undefined): readonly string[] {
    const held = identity?.scopes ?? []
    if (asked) {
      const types = this.types.filter((type) => asked.includes(type))
      const refused = types.find((type) => !this.allows(type, held))
      if (refused !== undefined) throw forbidden(`Events of type ${refused} need ${this.#words(refused)}.`)
      return types
    }
    const types = this.types.filter((type) => this.allows(type, held))
    if (types.length === 0) throw forbidden('All events of this service need scopes that you do not have.')
    return types
  }

  #words(type: string): string {
    return `the scope ${(this.#needed.get(type) ?? []).join(' and ')}`
  }
}

function forbidden(message: string): AdapterError {
  return new AdapterError('forbidden', message)
}
