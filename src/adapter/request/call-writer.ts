import { randomUUID } from 'node:crypto'
import { bodyOf, textOf } from '../../base/bytes/source.js'
import { isRequestId } from '../../base/request-id.js'
import type { OperationMapping } from '../../mapping/operation/mapping.js'
import { httpOf } from '../../mapping/operation/plain.js'
import { dialect, type SoapDialect } from '../../soap/envelope.js'
import { packageMessage } from '../../soap/mime-writer.js'
import { inOnePiece } from '../../soap/xop.js'
import type { CallContext } from '../call-context.js'
import type { Asked } from '../reply/asked.js'
import type { RestRequest, SoapRequest } from '../rest.js'
import type { BackendRuntime } from '../runtime.js'
import { sourceText } from '../source-value.js'
import { addressed } from './addressed.js'
import { OptimisedEnvelope } from './optimised-envelope.js'
import { PlainWriter } from './plain-writer.js'
import { RequestWriter, type WrittenMessage } from './writer.js'

export interface WrittenCall {
  readonly call: SoapRequest
  readonly asked: Asked
}

/** Writes the calls of one operation: envelope, addresses, security, attachments, HTTP headers. */
export class CallWriter {
  readonly #mapping: OperationMapping
  readonly #runtime: BackendRuntime
  readonly #dialect: SoapDialect
  readonly #isXop: boolean
  readonly #headers: Readonly<Record<string, string>>
  readonly #addressing: { readonly before: string; readonly after: string } | undefined
  readonly #plain: PlainWriter | undefined
  #envelopes: RequestWriter | undefined

  constructor(mapping: OperationMapping, runtime: BackendRuntime) {
    this.#mapping = mapping
    this.#runtime = runtime
    const { backend, soap } = mapping
    this.#dialect = dialect(backend.soapVersion)
    this.#isXop = backend.isMtom
    this.#headers = { ...this.#dialect.headers(soap.soapAction), accept: this.#accepted() }
    this.#addressing = addressed(mapping, runtime)
    if (backend.isPlain) this.#plain = new PlainWriter(mapping.request, httpOf(soap), runtime.compiler)
  }

  warmUp(): void {
    if (!this.#plain) this.#writer()
  }

  /** @throws AdapterError `request-unencodable`, or what WS-Security throws */
  write(request: RestRequest, context: CallContext): WrittenCall {
    if (this.#plain) {
      const asked = { messageId: undefined, sent: undefined }
      return { call: this.#writePlain(this.#plain, request, context), asked }
    }
    const messageId = this.#addressing && `urn:uuid:${randomUUID()}`
    const blocks =
      this.#addressing && messageId !== undefined
        ? this.#addressing.before + messageId + this.#addressing.after
        : ''
    const written = this.#writer().write(request, context, blocks)
    const { envelope, attachments, sent } = this.#secured(written, request, context)
    const asked = { messageId, sent }
    const headers = withContext(this.#headers, context)
    const url = context.endpoint ?? this.#mapping.backend.endpoint
    if (!this.#isXop && attachments.length === 0) {
      return { call: { url, headers, body: bodyOf(envelope) }, asked }
    }
    const form = this.#isXop ? 'xop' : 'swa'
    const { soapAction } = this.#mapping.soap
    const { contentType, body } = packageMessage(envelope, {
      attachments,
      form,
      dialect: this.#dialect,
      action: soapAction,
    })
    return { call: { url, headers: { ...headers, 'content-type': contentType }, body }, asked }
  }

  #writePlain(writer: PlainWriter, request: RestRequest, context: CallContext): SoapRequest {
    const call = writer.write(request, context)
    const url = context.endpoint ?? this.#mapping.backend.endpoint
    return { ...call, url, headers: withContext(call.headers, context) }
  }

  #writer(): RequestWriter {
    this.#envelopes ??= new RequestWriter(this.#mapping.request, {
      compiler: this.#runtime.compiler,
      dialect: this.#dialect,
      isAddressed: this.#addressing !== undefined,
      isXop: this.#isXop,
    })
    return this.#envelopes
  }

  #secured(
    message: WrittenMessage,
    request: RestRequest,
    context: CallContext,
  ): WrittenMessage & Pick<Asked, 'sent'> {
    const { security } = this.#runtime
    const { envelope: unsecured, attachments: others } = message
    if (!security) return { envelope: unsecured, attachments: others, sent: undefined }
    const samlAssertion = context.issuedAssertion ?? this.tokenOfCaller(request, context)
    const optimised = new OptimisedEnvelope(textOf(message.envelope), message.attachments)
    const secured = security.secureMessage(
      { envelope: optimised.inline, attachments: optimised.others.map(inOnePiece) },
      { ...(samlAssertion !== undefined && { samlAssertion }) },
    )
    const { envelope, included } = optimised.secured(secured.envelope)
    const attachments = [...included, ...secured.attachments]
    return { envelope: [envelope], attachments, sent: secured.sent }
  }

  /** The assertion that the request brings: for the backend, or for a token service. */
  tokenOfCaller(request: RestRequest, context: CallContext): string | undefined {
    const { samlAssertion: source } = this.#mapping.request
    return source && sourceText(source, { request, context })
  }

  /** Stacks that can choose look here for whether we understand attachments. */
  #accepted(): string {
    const { mediaType } = this.#dialect
    if (this.#isXop) return `multipart/related, application/xop+xml, ${mediaType}`
    const { response, soap } = this.#mapping
    const isRelated = response.form === 'bytes' || (soap.output?.attachments.length ?? 0) > 0
    return isRelated ? `${mediaType}, multipart/related` : mediaType
  }
}

/** The header fields of one call: what the operation always sends, its session, and what leads back to the request. */
function withContext(
  headers: Readonly<Record<string, string>>,
  { cookie, requestId, traceContext }: CallContext,
): Readonly<Record<string, string>> {
  const isNamed = isRequestId(requestId)
  if (cookie === undefined && !isNamed && !traceContext) return headers
  // Member by member: spread, the fields cost as much as the envelope.
  const fields: Record<string, string> = {}
  for (const name in headers) fields[name] = headers[name] ?? ''
  if (cookie !== undefined) fields.cookie = cookie
  if (isNamed) fields['x-request-id'] = requestId
  return traceContext ? Object.assign(fields, traceContext) : fields
}
