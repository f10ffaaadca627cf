import { isObject, type OpenApiObject } from '../document.js'
import { join, steps, valueAt } from '../pointer.js'
import type { Conversion } from './conversion.js'

/** Security schemes and who asks for them: 3.0 has no `mutualTLS`, and scopes for OAuth 2.0 and OpenID Connect alone. */
export class SecurityRequirements {
  readonly #types = new Map<string, unknown>()

  constructor(private readonly conversion: Conversion) {
    const schemes = valueAt(conversion.root, '/components/securitySchemes')
    if (!isObject(schemes)) return
    for (const [name, scheme] of Object.entries(schemes)) this.#types.set(name, this.#followed(scheme).type)
  }

  #followed(scheme: unknown): OpenApiObject {
    const target = isObject(scheme) && typeof scheme.$ref === 'string' ? scheme.$ref : undefined
    const value = target === undefined ? scheme : valueAt(this.conversion.root, join('', ...steps(target)))
    return isObject(value) ? value : {}
  }

  /** The schemes without those that 3.0 does not have. */
  schemes(schemes: OpenApiObject, pointer: string): OpenApiObject {
    const kept = Object.entries(schemes).filter(([name]) => {
      if (this.#types.get(name) !== 'mutualTLS') return true
      this.conversion.notes.add(
        join(pointer, name),
        'The scheme is left out, and nobody is said to need it: 3.0 has no `mutualTLS`. Clients must know that they need a certificate.',
      )
      return false
    })
    return Object.fromEntries(kept)
  }

  written(requirements: readonly unknown[], pointer: string): readonly OpenApiObject[] {
    return requirements.map((requirement, index) =>
      Object.fromEntries(
        Object.entries(isObject(requirement) ? requirement : {})
          .filter(([name]) => this.#types.get(name) !== 'mutualTLS')
          .map(([name, scopes]) => [name, this.#scopes(name, scopes, join(pointer, index, name))]),
      ),
    )
  }

  #scopes(name: string, scopes: unknown, pointer: string): readonly unknown[] {
    if (!Array.isArray(scopes) || scopes.length === 0) return []
    if (['oauth2', 'openIdConnect'].includes(String(this.#types.get(name)))) return scopes
    this.conversion.notes.add(
      pointer,
      'The roles are left out: 3.0 has them for OAuth 2.0 and OpenID Connect alone.',
    )
    return []
  }
}
