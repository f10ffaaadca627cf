import { type Diagnostic, Diagnostics } from '../../base/diagnostic/diagnostic.js'
import type { Definition } from '../components/schema-document.js'

/** Which definitions of a schema set cannot be used: those that are wrong, and all that need one of them. */
export class Corners {
  /** Reports, and holds errors against the definition that is being built. */
  readonly diagnostics: Diagnostics
  readonly #wrong = new Map<Definition, Diagnostic>()
  readonly #neededBy = new Map<Definition, Set<Definition>>()
  #current: Definition | undefined

  constructor(diagnostics: Diagnostics) {
    this.diagnostics = new Witness(diagnostics, (error) => {
      if (this.#current && !this.#wrong.has(this.#current)) this.#wrong.set(this.#current, error)
    })
  }

  /** Runs a step that builds a definition, or a piece of it. */
  within<T>(definition: Definition | undefined, step: () => T): T {
    const outer = this.#current
    this.#current = definition
    try {
      return step()
    } finally {
      this.#current = outer
    }
  }

  needs(definition: Definition | undefined, needed: Definition): void {
    if (!definition || definition === needed) return
    const known = this.#neededBy.get(needed)
    if (known) known.add(definition)
    else this.#neededBy.set(needed, new Set([definition]))
  }

  /** Each definition that cannot be used, with the error that is at the bottom of it. */
  unusable(): ReadonlyMap<Definition, Diagnostic> {
    const found = new Map(this.#wrong)
    // What is added while the map is walked is walked too.
    for (const [definition, reason] of found) {
      for (const needing of this.#neededBy.get(definition) ?? []) {
        if (!found.has(needing)) found.set(needing, reason)
      }
    }
    return found
  }
}

/** Passes everything on, and tells of errors, also of those that are said a second time. */
class Witness extends Diagnostics {
  constructor(
    private readonly to: Diagnostics,
    private readonly onError: (error: Diagnostic) => void,
  ) {
    super()
  }

  override error(...[code, message, at, related]: Parameters<Diagnostics['error']>): void {
    this.onError({ code, severity: 'error', message, ...(at && { at }), ...(related && { related }) })
    this.to.error(code, message, at, related)
  }

  override warning(...finding: Parameters<Diagnostics['warning']>): void {
    this.to.warning(...finding)
  }

  override note(...finding: Parameters<Diagnostics['note']>): void {
    this.to.note(...finding)
  }
}
