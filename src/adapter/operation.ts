import { AdapterError } from '../base/errors.js'
import { instanceOf } from '../base/instance.js'
import { clark } from '../base/qname.js'
import { type Backend } from '../backend/backend.js'
import { BodyCodec } from '../codec/body.js'
import { EncodeError, JsonText, type ValueCodec, XmlText } from '../codec/codec.js'
import { Compiler } from '../codec/compile.js'
import { type Prefixes } from '../codec/prefixes.js'
import { parseJson, restoreExactNumbers } from '../json/parse.js'
import { isJsonScalar, type JsonValue, scalarText } from '../json/value.js'
import { quote } from '../json/write.js'
import { type Template } from '../mapping/expression.js'
import { namespacesOf } from '../mapping/namespaces.js'
import { type BodyMapping, type FaultMapping, type OperationMapping } from '../mapping/operation-mapping.js'
import { sampleObject } from '../mapping/sample.js'
import { dialect, envelope } from '../soap/envelope.js'
import { type SoapFaultCode } from '../soap/fault.js'
import { type XmlReader } from '../xml/reader.js'
import { type Answer, type DeclaredFault, readAnswer } from './answer.js'
import { assemble, disassemble, pick, violationOf } from './assemble.js'
import {
  type InvokeOptions,
  type RestOperation,
  type RestRequest,
  type RestResponse,
  type SampleOptions,
  type SoapRequest,
  type SoapResponse,
} from './rest.js'

/** What the operations of one backend share. */
export interface BackendRuntime {
  readonly backend: Backend
  readonly prefixes: Prefixes
  readonly compiler: Compiler
}

interface CompiledFault {
  readonly mapping: FaultMapping
  readonly codec: ValueCodec
}

interface RequestParts {
  readonly codec: BodyCodec
  readonly head: string
  readonly tail: string
}

/** An operation of the contract; its codecs are compiled when they are first used. */
export class CompiledOperation implements RestOperation {
  readonly operationId: string
  readonly method: string
  readonly path: string
  readonly backend: string
  readonly #mapping: OperationMapping
  readonly #runtime: BackendRuntime
  readonly #soapHeaders: Readonly<Record<string, string>>
  readonly #jsonHeaders: Readonly<Record<string, string>>
  #request: RequestParts | undefined
  #output: BodyCodec | undefined
  #faults: ReadonlyMap<string, CompiledFault> | undefined

  constructor(mapping: OperationMapping, runtime: BackendRuntime) {
    this.#mapping = mapping
    this.#runtime = runtime
    const { rest, backend, soap, response } = mapping
    this.operationId = rest.operationId
    this.method = rest.method
    this.path = rest.path
    this.backend = backend.name
    const soapDialect = dialect(backend.soapVersion)
    this.#soapHeaders = { ...soapDialect.headers(soap.soapAction), accept: soapDialect.mediaType }
    this.#jsonHeaders = response.mediaType === undefined ? {} : { 'content-type': response.mediaType }
  }

  /** Compiles everything, so that the first request does not wait for it. */
  warmUp(): void {
    this.#requestParts()
    this.#outputCodec()
    this.#faultCodecs()
  }

  encode(request: RestRequest): SoapRequest {
    const { codec, head, tail } = this.#requestParts()
    const out = new XmlText()
    try {
      codec.encode(assemble(this.#mapping.request.members, request), out)
    } catch (error) {
      if (!(error instanceof EncodeError)) throw error
      throw new AdapterError('request-unencodable', 'The backend has no way to receive this request.', {
        violations: [violationOf(error)],
      })
    }
    return { url: this.#mapping.backend.endpoint, headers: this.#soapHeaders, body: head + out.text + tail }
  }

  decode(response: SoapResponse, request?: RestRequest, requestId?: string): RestResponse {
    const answer = readAnswer(response, {
      namespace: dialect(this.#mapping.backend.soapVersion).namespace,
      output: this.#outputCodec(),
      detail: (reader) => this.#declaredFault(reader),
    })
    return answer.kind === 'fault' ? this.#problem(answer, requestId) : this.#success(answer, request)
  }

  async invoke(request: RestRequest, options: InvokeOptions = {}): Promise<RestResponse> {
    const { signal, requestId } = options
    const { timeoutMs } = this.#mapping
    return this.#runtime.backend.call(
      this.encode(request),
      (answer) => this.decode(answer, request, requestId),
      {
        ...(signal && { signal }),
        ...(timeoutMs !== undefined && { timeoutMs }),
      },
    )
  }

  sample({ optionals }: SampleOptions): RestRequest {
    const { body, members } = this.#mapping.request
    const object = sampleObject(body.object, { optionals, complete: false })
    const { requestBody } = this.#mapping.rest
    const hasBody = requestBody !== undefined && (requestBody.required || optionals === 'all')
    const request = disassemble(members, object, hasBody)
    const mediaType = requestBody?.content[0]?.mediaType
    if (request.body === undefined || mediaType === undefined) return request
    return { ...request, headers: { 'content-type': mediaType, ...request.headers } }
  }

  sampleResponse({ optionals }: SampleOptions): SoapResponse {
    const { backend, response } = this.#mapping
    const { mediaType } = dialect(backend.soapVersion)
    if (!response.body) return { status: 202, headers: {}, body: '' }
    const object = sampleObject(response.body.object, {
      optionals,
      complete: true,
      ...(response.selected !== undefined && { wanted: response.selected }),
    })
    const compiler = new Compiler(this.#runtime.prefixes, true)
    const { codec, head, tail } = this.#parts(response.body, compiler)
    const out = new XmlText()
    codec.encode(object, out)
    return {
      status: 200,
      headers: { 'content-type': `${mediaType}; charset=utf-8` },
      body: head + out.text + tail,
    }
  }

  #requestParts(): RequestParts {
    this.#request ??= this.#parts(this.#mapping.request.body, this.#runtime.compiler)
    return this.#request
  }

  #parts(body: BodyMapping, compiler: Compiler): RequestParts {
    const codec = new BodyCodec(body, compiler)
    const declarations = this.#runtime.prefixes.declarations(namespacesOf(body, compiler.complete))
    return { codec, ...envelope(dialect(this.#mapping.backend.soapVersion), declarations) }
  }

  #outputCodec(): BodyCodec | undefined {
    const { body } = this.#mapping.response
    if (body) this.#output ??= new BodyCodec(body, this.#runtime.compiler)
    return this.#output
  }

  #faultCodecs(): ReadonlyMap<string, CompiledFault> {
    this.#faults ??= new Map(
      // The first fault of an element counts, so it must come last.
      this.#mapping.faults
        .toReversed()
        .map((mapping) => [
          clark(mapping.element),
          { mapping, codec: this.#runtime.compiler.value(mapping.value) },
        ]),
    )
    return this.#faults
  }

  #declaredFault(reader: XmlReader): DeclaredFault | undefined {
    const found = this.#faultCodecs().get(reader.name)
    if (!found) return undefined
    const out = new JsonText()
    found.codec.decode(reader, out)
    return { name: found.mapping.name, json: out.text }
  }

  #success(answer: Exclude<Answer, { kind: 'fault' }>, request: RestRequest | undefined): RestResponse {
    const { status, mediaType, selected, headers } = this.#mapping.response
    if (answer.kind === 'empty' || mediaType === undefined) {
      return { status, headers: this.#templates(headers, undefined, request), body: '' }
    }
    const body = selected === undefined ? answer.json : selectedPart(answer.json, selected)
    if (headers.length === 0) return { status, headers: this.#jsonHeaders, body }
    // What the reader and the limits of the backend let through is not limited again.
    const parsed = parseJson(body, { maxDepth: Infinity, maxValues: Infinity })
    restoreExactNumbers(parsed.exact)
    return {
      status,
      headers: { ...this.#jsonHeaders, ...this.#templates(headers, parsed.value as JsonValue, request) },
      body,
    }
  }

  #templates(
    headers: readonly { readonly name: string; readonly template: Template }[],
    body: JsonValue | undefined,
    request: RestRequest | undefined,
  ): Record<string, string> {
    return Object.fromEntries(headers.map(({ name, template }) => [name, fill(template, body, request)]))
  }

  #problem(
    { fault, declared }: Extract<Answer, { kind: 'fault' }>,
    requestId: string | undefined,
  ): RestResponse {
    const mapping = this.#mapping.faults.find(({ name }) => name === declared?.name)
    if (!declared || !mapping) {
      throw new AdapterError(
        'backend-fault',
        'The backend reported a fault that the contract does not declare.',
        {
          cause: new AdapterError('backend-fault', `SOAP fault code ${codeOf(fault)}`),
        },
      )
    }
    const { name, status, title } = mapping
    const urn = instanceOf(requestId)
    const instance = urn === undefined ? '' : `"instance":"${urn}",`
    return {
      status,
      fault: name,
      headers: { 'content-type': 'application/problem+json' },
      body:
        `{"type":${quote(`/problems/declared-fault#${name}`)},"title":${quote(title)},"status":${status},` +
        `${instance}"code":${quote(name)},"fault":${declared.json}}`,
    }
  }
}

/** What may be logged of a fault: its codes, as far as they are plain names. */
function codeOf({ code, subcodes }: SoapFaultCode): string {
  return [code, ...subcodes].map((name) => (/^[\w.-]{1,80}$/.test(name) ? name : 'unprintable')).join(' / ')
}

/** The value of the one member that the output's object has. */
function selectedPart(json: string, member: string): string {
  const start = `{${quote(member)}:`
  if (!json.startsWith(start)) {
    throw new AdapterError('resource-not-found', 'The backend has nothing under these identifiers.')
  }
  return json.slice(start.length, -1)
}

function fill(template: Template, body: JsonValue | undefined, request: RestRequest | undefined): string {
  return template
    .map((part) => {
      if (typeof part === 'string') return part
      const value =
        part.kind === 'response'
          ? pick(body, part.steps)
          : part.kind === 'parameter'
            ? parameter(part, request)
            : undefined
      return isJsonScalar(value) && value !== null ? encodeURIComponent(scalarText(value)) : ''
    })
    .join('')
}

function parameter(
  source: { readonly in: 'path' | 'query' | 'header'; readonly name: string },
  request: RestRequest | undefined,
): JsonValue | undefined {
  if (!request) return undefined
  if (source.in === 'path') return request.path[source.name]
  return source.in === 'query' ? request.query[source.name] : request.headers[source.name.toLowerCase()]
}
