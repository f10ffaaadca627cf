import type { IncomingMessage, ServerResponse } from 'node:http'
import type { RestOperation, RestRequest } from '../../adapter/rest.js'
import type { Octets } from '../../base/bytes/source.js'
import { AdapterError, type Violation } from '../../base/errors.js'
import { restoreExactNumbers, restoreHeldTexts } from '../../json/parse.js'
import { Binary, type JsonValue } from '../../json/value.js'
import type { OpenApiObject } from '../../openapi/document.js'
import { type ContentKind, contentKind, hasWildcard } from '../../openapi/media-type.js'
import type { OpenApiBody, OpenApiContent, OpenApiOperation } from '../../openapi/operations.js'
import { viewSchema } from '../../openapi/schema-view.js'
import { type FormField, formFields, validatedAs } from '../validation/form-schema.js'
import type { RequestValidators } from '../validation/validate.js'
import { type Base64Place, base64Places } from './base64-places.js'
import { announcesBody, decodeBody, type DecodedBody, readBody, readPieces } from './body.js'
import { readForm } from './form-data.js'
import { isWorthHolding, readJsonBody } from './json-body.js'
import { declaredMediaType, parseMediaType } from './media-type.js'
import { type ParsedQuery, parseQuery } from './query.js'

export interface RequestLimits {
  readonly maxBodyBytes: number
  readonly maxJsonDepth: number
  readonly maxJsonValues: number
}

interface ReceivedBody {
  /** By what the validator judges it; undefined for bytes. */
  readonly judgedAs: string | undefined
  readonly decoded: DecodedBody
  /** What is wrong with it beside what its schema says. */
  readonly violations: readonly Violation[]
}

interface AcceptedMediaType {
  /** As the contract writes it. */
  readonly mediaType: string
  /** As it was sent, with its parameters. */
  readonly sent: string
}

/** What is known of a body before it is read. */
interface AcceptedBody extends AcceptedMediaType {
  readonly header: string | undefined
  readonly content: OpenApiContent | undefined
  readonly kind: ContentKind
}

interface QueryNames {
  readonly declared: ReadonlySet<string>
  /** API keys that are sent in the query. */
  readonly credentials: ReadonlySet<string>
}

interface Form {
  readonly fields: ReadonlyMap<string, FormField>
  /** Of the whole: what a body may have, and what the contract allows its bytes. */
  readonly maxBytes: number
}

/** A request of the contract whose parameters are known already, as the faces beside REST have them. */
export interface RequestValues {
  /** By the names of the contract, as texts. */
  readonly path: Readonly<Record<string, string>>
  readonly query: Readonly<Record<string, string | readonly string[]>>
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  /** JSON text; absent for none. */
  readonly body?: string
}

/** What is judged of a request, before it is one. */
interface Candidate {
  readonly path: Readonly<Record<string, string>>
  readonly query: ParsedQuery
  readonly headers: RestRequest['headers']
  readonly body: ReceivedBody | undefined
}

/** No field value has these (RFC 9110, section 5.5). */
const CONTROL = /[\u0000-\u0008\u000a-\u001f\u007f]/

const NO_BODY: DecodedBody = { value: undefined, exact: [], values: 0 }

/**
 * Makes a request of the contract out of one of HTTP: reads and decodes the body, judges everything against the
 * contract, and keeps the parameters as they were sent.
 */
export class RequestReader {
  readonly #names = new Map<RestOperation, QueryNames>()
  /** Of the last body of each operation: clients send the same Content-Type with all of them. */
  readonly #accepted = new Map<RestOperation, AcceptedBody>()
  readonly #forms = new Map<OpenApiContent, Form>()
  readonly #places = new Map<OpenApiContent, Base64Place | undefined>()

  constructor(
    readonly validators: RequestValidators,
    readonly limits: RequestLimits,
  ) {}

  /**
   * @param search the query without its question mark
   * @returns a promise where something has to arrive first
   * @throws AdapterError with every violation, or the first thing that made the request unreadable
   */
  read(
    operation: RestOperation,
    {
      path,
      search,
      req,
      res,
    }: {
      readonly path: Record<string, string>
      readonly search: string
      readonly req: IncomingMessage
      readonly res: ServerResponse
    },
  ): RestRequest | Promise<RestRequest> {
    const contract = this.validators.contractOf(operation)
    const judge = (body: ReceivedBody | undefined): RestRequest | Promise<RestRequest> => {
      const { declared, credentials } = this.#queryNames(operation, contract)
      const query = parseQuery(search, declared, credentials)
      return this.#judge(operation, { path, query, headers: req.headers, body })
    }
    return announcesBody(req) ? this.#body(operation, contract, req, res).then(judge) : judge(undefined)
  }

  /**
   * Makes a request of the contract out of values, under the same limits and judged in the same way. Header fields cannot
   * hold what HTTP would not have carried (RFC 9110, section 5.5).
   *
   * @throws AdapterError as {@link read}
   */
  readValues(
    operation: RestOperation,
    { path, query, headers, body }: RequestValues,
  ): RestRequest | Promise<RestRequest> {
    const unsendable = Object.keys(headers).filter((name) => CONTROL.test(headers[name] ?? ''))
    if (unsendable.length > 0) {
      throw new AdapterError('request-invalid', 'The request has header fields with control characters.', {
        violations: unsendable.map((name) => ({
          pointer: `header/${name}`,
          detail: 'must not have control characters',
        })),
      })
    }
    const received = body === undefined ? undefined : this.#jsonBody(operation, Buffer.from(body))
    return this.#judge(operation, {
      ...{ path, headers },
      query: { values: copied(query), violations: [] },
      body: received,
    })
  }

  #jsonBody(operation: RestOperation, bytes: Buffer): ReceivedBody {
    const { maxJsonDepth: maxDepth, maxJsonValues: maxValues, maxBodyBytes } = this.limits
    if (bytes.byteLength > maxBodyBytes) {
      throw new AdapterError('request-too-large', `The body is larger than ${maxBodyBytes} bytes.`)
    }
    const content = this.validators.contractOf(operation).requestBody?.content ?? []
    const mediaType = content.find(({ mediaType: each }) => contentKind(each) === 'json')?.mediaType
    if (mediaType === undefined) {
      throw new AdapterError('request-invalid', 'The request has a body, but the operation takes no JSON.', {
        violations: [{ pointer: '', detail: 'this operation takes no JSON' }],
      })
    }
    return {
      judgedAs: validatedAs(mediaType),
      decoded: decodeBody(bytes, 'json', { maxDepth, maxValues }),
      violations: [],
    }
  }

  /** @throws AdapterError with every violation */
  #judge(operation: RestOperation, candidate: Candidate): RestRequest | Promise<RestRequest> {
    const { path, query, headers, body } = candidate
    const contract = this.validators.contractOf(operation)
    const { value, values } = body?.decoded ?? NO_BODY
    const before: Violation[] = [...query.violations, ...(body?.violations ?? [])]
    if (!body && contract.requestBody?.required) before.push({ pointer: '', detail: 'a body is required' })
    const judgedAs = body?.judgedAs
    const judged = judgedAs === undefined ? undefined : value
    const input = { path, query: query.values, headers, mediaType: judgedAs, body: judged, values }
    const found = this.validators.validate(operation, input)
    return found instanceof Promise
      ? found.then((violations) => this.#judged(candidate, [...before, ...violations]))
      : this.#judged(candidate, before.length === 0 ? found : [...before, ...found])
  }

  #judged({ path, query, headers, body }: Candidate, violations: readonly Violation[]): RestRequest {
    if (violations.length > 0) {
      const places = violations.length === 1 ? 'one place' : `${violations.length} places`
      throw new AdapterError('request-invalid', `The request does not match the contract in ${places}.`, {
        violations,
      })
    }
    if (body) {
      restoreExactNumbers(body.decoded.exact)
      restoreHeldTexts(body.decoded.held ?? [])
    }
    if (!body) return { path, query: query.values, headers }
    return { path, query: query.values, headers, body: body.decoded.value as JsonValue }
  }

  async #body(
    operation: RestOperation,
    contract: OpenApiOperation,
    req: IncomingMessage,
    res: ServerResponse,
  ): Promise<ReceivedBody | undefined> {
    const { requestBody } = contract
    if (!requestBody) {
      const detail = 'this operation takes none'
      throw new AdapterError('request-invalid', 'The request has a body, but the operation takes none.', {
        violations: [{ pointer: '', detail }],
      })
    }
    const { mediaType, sent, content, kind } = this.#accept(operation, requestBody, req, res)
    const { maxJsonDepth: maxDepth, maxJsonValues: maxValues, maxBodyBytes } = this.limits
    const limits = { maxDepth, maxValues }
    if (content && kind === 'form') {
      const { fields, maxBytes } = this.#form(content)
      const { violations, ...decoded } = await readForm(req, fields, maxBytes, limits)
      return { judgedAs: validatedAs(mediaType), decoded, violations }
    }
    if (kind === 'bytes') {
      const bytes = await readPieces(req, this.#mostBytes(content))
      if (bytes.byteLength === 0) return undefined
      const decoded = { value: new Binary(bytes, sent), exact: [], values: 1 }
      return { judgedAs: undefined, decoded, violations: this.#tooFew(content, bytes) }
    }
    const place = content && kind === 'json' && isWorthHolding(req) ? this.#base64Place(content) : undefined
    if (place) {
      const decoded = await readJsonBody(req, { maxBytes: maxBodyBytes, limits, place })
      return decoded && { judgedAs: validatedAs(mediaType), decoded, violations: [] }
    }
    const bytes = await readBody(req, maxBodyBytes)
    if (bytes.byteLength === 0) return undefined
    const decoded = decodeBody(bytes, kind === 'json' ? 'json' : 'text', limits)
    return { judgedAs: validatedAs(mediaType), decoded, violations: [] }
  }

  /** @throws AdapterError as {@link acceptedMediaType} */
  #accept(
    operation: RestOperation,
    requestBody: OpenApiBody,
    req: IncomingMessage,
    res: ServerResponse,
  ): AcceptedBody {
    const header = req.headers['content-type']
    const last = this.#accepted.get(operation)
    const isCoded = req.headers['content-encoding'] !== undefined
    if (last && last.header === header && !isCoded) return last
    const declared = requestBody.content.map(({ mediaType }) => mediaType)
    const takesBytes = operation.takesBytes === true
    const { mediaType, sent } = acceptedMediaType(req, res, declared, { takesBytes })
    const content = requestBody.content.find((each) => each.mediaType === mediaType)
    const kind = takesBytes ? 'bytes' : contentKind(sent)
    const accepted = { header, mediaType, sent, content, kind }
    this.#accepted.set(operation, accepted)
    return accepted
  }

  #base64Place(content: OpenApiContent): Base64Place | undefined {
    const { schema } = content
    if (!this.#places.has(content)) this.#places.set(content, base64Places(this.validators.document, schema))
    return this.#places.get(content)
  }

  /** `maxLength` of bytes counts bytes; it goes before the limit of the deployment. */
  #mostBytes(content: OpenApiContent | undefined): number {
    const { maxLength } = content ? this.#keywords(content) : {}
    return typeof maxLength === 'number' ? maxLength : this.limits.maxBodyBytes
  }

  #tooFew(content: OpenApiContent | undefined, bytes: Octets): readonly Violation[] {
    const { minLength } = content ? this.#keywords(content) : {}
    if (typeof minLength !== 'number' || bytes.byteLength >= minLength) return []
    return [{ pointer: '', detail: `must have at least ${minLength} bytes` }]
  }

  #keywords({ schema }: OpenApiContent): OpenApiObject {
    return viewSchema(this.validators.document, schema).keywords
  }

  #form(content: OpenApiContent): Form {
    let form = this.#forms.get(content)
    if (!form) {
      const fields = formFields(this.validators.document, content.schema)
      const bytes = [...fields.values()].reduce((sum, { maxBytes = 0 }) => sum + maxBytes, 0)
      form = { fields, maxBytes: this.limits.maxBodyBytes + bytes }
      this.#forms.set(content, form)
    }
    return form
  }

  #queryNames(operation: RestOperation, { parameters, security = [] }: OpenApiOperation): QueryNames {
    let names = this.#names.get(operation)
    if (!names) {
      const schemes = security.flat().map(({ scheme }) => scheme)
      names = {
        declared: new Set(parameters.filter((p) => p.in === 'query').map((p) => p.name)),
        credentials: new Set(
          schemes.flatMap((s) => (s.kind === 'apiKey' && s.in === 'query' ? [s.name] : [])),
        ),
      }
      this.#names.set(operation, names)
    }
    return names
  }
}

function copied(query: RequestValues['query']): ParsedQuery['values'] {
  return Object.fromEntries(
    Object.entries(query).map(([name, value]) => [name, typeof value === 'string' ? value : [...value]]),
  )
}

/**
 * Of the raw Content-Type only what the contract knows goes further: whoever keeps something by media type
 * keeps no more than the contract has.
 *
 * @throws AdapterError `request-malformed` for a range; `media-type-unsupported`, with Accept on the response (RFC 9110, section 15.5.16)
 */
function acceptedMediaType(
  req: IncomingMessage,
  res: ServerResponse,
  declared: readonly string[],
  { takesBytes }: { readonly takesBytes: boolean },
): AcceptedMediaType {
  const refuse = (message: string): never => {
    res.setHeader('accept', declared.join(', '))
    throw new AdapterError('media-type-unsupported', message)
  }
  const coding = req.headers['content-encoding']
  if (coding !== undefined && coding.toLowerCase() !== 'identity') {
    return refuse('The body has a Content-Encoding; send it uncompressed, without one.')
  }
  const header = req.headers['content-type']
  if (header === undefined) return refuse(`The request has no Content-Type; send ${declared.join(' or ')}.`)
  if (hasWildcard(header)) {
    const message = 'The Content-Type has a *; send the media type that the body is of.'
    throw new AdapterError('request-malformed', message)
  }
  const sent = parseMediaType(header)
  const mediaType = sent && declaredMediaType(sent, declared)
  if (!sent || mediaType === undefined) {
    return refuse(`The Content-Type is not one that the operation takes; send ${declared.join(' or ')}.`)
  }
  const isText = !takesBytes && contentKind(sent.essence) !== 'bytes'
  if (isText && sent.charset !== undefined && sent.charset !== 'utf-8') {
    return refuse('The charset is not supported; send UTF-8.')
  }
  return { mediaType, sent: /^[\x20-\x7e]*$/.test(header) ? header : sent.essence }
}
