import type { OpenApiObject } from '../../../openapi/document.js'

const problemRef: OpenApiObject = { $ref: '#/components/schemas/Problem' }

const descriptions: Readonly<Record<string, readonly [string, string]>> = {
  '400': ['BadRequest', 'The request is not as this description says; `errors` lists every violation.'],
  '404': ['NotFound', 'There is nothing under these identifiers.'],
  '413': ['ContentTooLarge', 'The request body is larger than the service takes.'],
  '415': ['UnsupportedMediaType', 'The media type of the request body is not the declared one.'],
  '422': ['Unencodable', 'A value is valid JSON but has no form that the backend can take.'],
  '502': [
    'BadGateway',
    'The backend could not be reached, or answered with something that its contract does not say.',
  ],
  '503': ['ServiceUnavailable', 'The backend is failing or overloaded and is left alone for a while.'],
  '504': ['GatewayTimeout', 'The backend did not answer in time. What it did with the request is not known.'],
  default: ['OtherError', 'Any other error.'],
}

/** Problem responses that operations share; those that are used become components. */
export class ProblemResponses {
  readonly #used = new Map<string, OpenApiObject>()

  /** @param status as a key of the Responses Object */
  ref(status: string): OpenApiObject {
    const [name, description] = descriptions[status] ?? ['OtherError', 'Any other error.']
    this.#used.set(name, problemResponse(description, problemRef))
    return { $ref: `#/components/responses/${name}` }
  }

  /** The response of a status that declared faults have, with their detail under `fault`. */
  withFaults(
    status: string,
    faults: readonly { readonly name: string; readonly schema: OpenApiObject }[],
  ): OpenApiObject {
    const [, usual] = descriptions[status] ?? ['', 'The backend refused.']
    const refs = faults.map(({ schema }) => schema)
    const distinct = refs.filter(
      (ref, index) => refs.findIndex((r) => JSON.stringify(r) === JSON.stringify(ref)) === index,
    )
    const [only, ...others] = distinct
    const names = faults.map(({ name }) => `\`${name}\``).join(', ')
    const isBackend = status.startsWith('5')
    return problemResponse(`${isBackend ? `${usual} ` : ''}The backend's fault ${names}, in \`fault\`.`, {
      allOf: [
        problemRef,
        { type: 'object', properties: { fault: only && others.length === 0 ? only : { anyOf: distinct } } },
      ],
    })
  }

  /** By name. */
  components(): OpenApiObject {
    return Object.fromEntries([...this.#used].sort(([a], [b]) => (a < b ? -1 : 1)))
  }
}

function problemResponse(description: string, schema: OpenApiObject): OpenApiObject {
  return { description, content: { 'application/problem+json': { schema } } }
}
