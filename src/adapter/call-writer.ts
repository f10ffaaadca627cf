import { randomUUID } from 'node:crypto'
import { type Segment, textOf } from '../base/byte-source.js'
import { type OperationMapping } from '../mapping/operation-mapping.js'
import { dialect, type SoapDialect } from '../soap/envelope.js'
import { packageMessage } from '../soap/mime-writer.js'
import { addressed } from './addressing.js'
import { sourceText } from './assemble.js'
import { type CallContext } from './call-context.js'
import { RequestWriter } from './request-writer.js'
import { bodyOf } from './response-body.js'
import { type RestRequest, type SoapRequest } from './rest.js'
import { type BackendRuntime } from './runtime.js'

export interface WrittenCall {
  readonly call: SoapRequest
  /** Where the answer must relate to the call. */
  readonly messageId: string | undefined
}

/** Writes the calls of one operation: envelope, addresses, security, attachments, HTTP headers. */
export class CallWriter {
  readonly #mapping: OperationMapping
  readonly #runtime: BackendRuntime
  readonly #dialect: SoapDialect
  readonly #isXop: boolean
  readonly #headers: Readonly<Record<string, string>>
  readonly #addressing: { readonly before: string; readonly after: string } | undefined
  #envelopes: RequestWriter | undefined

  constructor(mapping: OperationMapping, runtime: BackendRuntime) {
    this.#mapping = mapping
    this.#runtime = runtime
    const { backend, soap } = mapping
    this.#dialect = dialect(backend.soapVersion)
    this.#isXop = backend.annotation.attachments === 'mtom'
    this.#headers = { ...this.#dialect.headers(soap.soapAction), accept: this.#accepted() }
    this.#addressing = addressed(mapping, runtime)
  }

  warmUp(): void {
    this.#writer()
  }

  /** @throws AdapterError `request-unencodable`, or what WS-Security throws */
  write(request: RestRequest, context: CallContext): WrittenCall {
    const messageId = this.#addressing && `urn:uuid:${randomUUID()}`
    const blocks =
      this.#addressing && messageId !== undefined
        ? this.#addressing.before + messageId + this.#addressing.after
        : ''
    const { envelope, attachments } = this.#writer().write(request, context, blocks)
    const secured = this.#secured(envelope, request, context)
    const { cookie } = context
    const headers = cookie === undefined ? this.#headers : { ...this.#headers, cookie }
    const url = this.#mapping.backend.endpoint
    if (!this.#isXop && attachments.length === 0) {
      return { call: { url, headers, body: bodyOf(secured) }, messageId }
    }
    const form = this.#isXop ? 'xop' : 'swa'
    const { soapAction } = this.#mapping.soap
    const { contentType, body } = packageMessage(secured, attachments, form, this.#dialect, soapAction)
    return { call: { url, headers: { ...headers, 'content-type': contentType }, body }, messageId }
  }

  #writer(): RequestWriter {
    this.#envelopes ??= new RequestWriter(
      this.#mapping.request,
      this.#runtime.compiler,
      this.#dialect,
      this.#addressing !== undefined,
      this.#isXop,
    )
    return this.#envelopes
  }

  #secured(envelope: readonly Segment[], request: RestRequest, context: CallContext): readonly Segment[] {
    const { security, assertion } = this.#runtime
    if (!security) return envelope
    const samlAssertion = assertion && sourceText(assertion, request, context)
    return [security.secure(textOf(envelope), { ...(samlAssertion !== undefined && { samlAssertion }) })]
  }

  /** Stacks that can choose look here for whether we understand attachments. */
  #accepted(): string {
    const { mediaType } = this.#dialect
    if (this.#isXop) return `multipart/related, application/xop+xml, ${mediaType}`
    const { response, soap } = this.#mapping
    const isRelated = response.form === 'octets' || (soap.output?.attachments.length ?? 0) > 0
    return isRelated ? `${mediaType}, multipart/related` : mediaType
  }
}
