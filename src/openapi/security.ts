import type { Diagnostics } from '../base/diagnostic/diagnostic.js'
import { isObject, type Located, type OpenApiDocument, type OpenApiObject } from './document.js'
import { join } from './pointer.js'

/** How a client proves who it is (OpenAPI 3.1, section 4.8.27), as far as soapstone can check it. */
export type SecurityScheme =
  | { readonly kind: 'apiKey'; readonly in: 'header' | 'query' | 'cookie'; readonly name: string }
  /** `http` with `bearer`, `oauth2` and `openIdConnect`: all of them send an access token. */
  | { readonly kind: 'accessToken' }
  | { readonly kind: 'clientCertificate' }
  /** Nobody can satisfy it. */
  | { readonly kind: 'unsupported' }

export interface RequiredScheme {
  /** The name under `components/securitySchemes`. */
  readonly name: string
  readonly scheme: SecurityScheme
  /** Scopes of a token, or roles of a key: all of them are needed. */
  readonly scopes: readonly string[]
}

/** Schemes that must be satisfied together; none: nobody is asked who they are (OpenAPI 3.1, section 4.8.30). */
export type SecurityRequirement = readonly RequiredScheme[]

/** The alternatives of an operation, one of which is enough; undefined where the contract says nothing. */
type Security = readonly SecurityRequirement[] | undefined

/** Reads what operations ask of clients. */
export class SecurityReader {
  readonly #document: OpenApiDocument
  readonly #diagnostics: Diagnostics
  /** What operations that say nothing by themselves have in common. */
  #ofDocument: { readonly security: Security } | undefined

  constructor(document: OpenApiDocument, diagnostics: Diagnostics) {
    this.#document = document
    this.#diagnostics = diagnostics
  }

  /**
   * What an operation asks for, or else the document. Empty where the contract opens the operation with `security: []`.
   *
   * @param operation the located Operation Object
   */
  of({ value, pointer }: Located): Security {
    const own = isObject(value) ? value.security : undefined
    if (own !== undefined) return this.#read(own, join(pointer, 'security'))
    this.#ofDocument ??= { security: this.#read(this.#document.root.security, '/security') }
    return this.#ofDocument.security
  }

  #read(declared: unknown, pointer: string): Security {
    return declared === undefined
      ? undefined
      : requirementsOf(this.#document, declared, pointer, this.#diagnostics)
  }
}

function requirementsOf(
  document: OpenApiDocument,
  declared: unknown,
  pointer: string,
  diagnostics: Diagnostics,
): Security {
  const isList = Array.isArray(declared) && declared.every((requirement) => isObject(requirement))
  if (!isList) {
    const message = 'security must be a list of requirements; [] opens what it stands at.'
    diagnostics.error('security-invalid', message, document.locate(pointer))
    return undefined
  }
  return declared.map((requirement: OpenApiObject, index) =>
    Object.entries(requirement).map(([name, scopes]): RequiredScheme => {
      const at = join(pointer, index, name)
      const scheme = schemeOf(document, name, at, diagnostics)
      const isScopes = Array.isArray(scopes) && scopes.every((scope) => typeof scope === 'string')
      if (!isScopes) {
        const message = `The scopes of ${name} must be a list of texts; [] asks for none.`
        diagnostics.error('security-invalid', message, document.locate(at))
      }
      return { name, scheme, scopes: isScopes ? scopes : [] }
    }),
  )
}

function schemeOf(
  document: OpenApiDocument,
  name: string,
  at: string,
  diagnostics: Diagnostics,
): SecurityScheme {
  const located = document.at(join('/components/securitySchemes', name))
  if (!located || !isObject(located.value)) {
    const message = `There is no ${name} under components/securitySchemes.`
    diagnostics.error('security-scheme-unknown', message, document.locate(at))
    return UNSUPPORTED
  }
  const scheme = readScheme(located.value)
  if (scheme.kind === 'unsupported') {
    diagnostics.error(
      'security-scheme-unsupported',
      `${name} cannot be checked: use apiKey, http with scheme bearer, oauth2, openIdConnect or mutualTLS.`,
      document.locate(located.pointer),
    )
  }
  return scheme
}

const UNSUPPORTED: SecurityScheme = { kind: 'unsupported' }

function readScheme({ type, in: place, name, scheme }: OpenApiObject): SecurityScheme {
  switch (type) {
    case 'apiKey': {
      if (typeof name !== 'string' || name === '') return UNSUPPORTED
      if (place !== 'header' && place !== 'query' && place !== 'cookie') return UNSUPPORTED
      return { kind: 'apiKey', in: place, name }
    }
    case 'http':
      return typeof scheme === 'string' && scheme.toLowerCase() === 'bearer'
        ? { kind: 'accessToken' }
        : UNSUPPORTED
    case 'oauth2':
    case 'openIdConnect':
      return { kind: 'accessToken' }
    case 'mutualTLS':
      return { kind: 'clientCertificate' }
    default:
      return UNSUPPORTED
  }
}

const KEY_PLACES = { header: 'header field', query: 'query parameter', cookie: 'cookie' } as const

/** Where a client puts its key, in words: `header field X-API-Key`. */
export function placeOfKey({
  in: place,
  name,
}: {
  readonly in: keyof typeof KEY_PLACES
  readonly name: string
}): string {
  return `${KEY_PLACES[place]} ${name}`
}
