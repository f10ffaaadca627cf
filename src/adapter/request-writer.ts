import { AdapterError } from '../base/errors.js'
import { BodyCodec } from '../codec/body.js'
import { EncodeError, XmlText } from '../codec/codec.js'
import { type Compiler } from '../codec/compile.js'
import { namespacesOf } from '../mapping/namespaces.js'
import { type RequestMapping, type RequestMember } from '../mapping/operation-mapping.js'
import { addressingDeclaration } from '../soap/addressing.js'
import { envelopeStart, type SoapDialect, writeEnvelope } from '../soap/envelope.js'
import { assemble, violationOf } from './assemble.js'
import { type CallContext } from './call-context.js'
import { type RestRequest } from './rest.js'

interface Part {
  readonly codec: BodyCodec
  readonly members: readonly RequestMember[]
}

/** Writes the envelopes of one operation. */
export class RequestWriter {
  readonly #start: string
  readonly #body: Part
  readonly #header: Part | undefined

  /** @param isAddressed whether blocks of WS-Addressing will be among the others */
  constructor(
    { body, members, headers }: RequestMapping,
    compiler: Compiler,
    dialect: SoapDialect,
    isAddressed: boolean,
  ) {
    const blocks = headers && { wrapper: undefined, object: headers.object }
    const namespaces = new Set(namespacesOf(body, compiler.complete))
    if (blocks) for (const namespace of namespacesOf(blocks, compiler.complete)) namespaces.add(namespace)
    const declarations = compiler.prefixes.declarations(namespaces)
    this.#start = envelopeStart(dialect, declarations + (isAddressed ? addressingDeclaration : ''))
    this.#body = { codec: new BodyCodec(body, compiler), members }
    this.#header = headers && blocks && { codec: new BodyCodec(blocks, compiler), members: headers.members }
  }

  /**
   * @param blocks header blocks that come first
   * @throws AdapterError `request-unencodable`
   */
  write(request: RestRequest, context: CallContext, blocks: string): string {
    const own = this.#header ? encode(this.#header, request, context) : ''
    return writeEnvelope(this.#start, blocks + own, encode(this.#body, request, context))
  }
}

function encode({ codec, members }: Part, request: RestRequest, context: CallContext): string {
  const out = new XmlText()
  try {
    codec.encode(assemble(members, request, context), out)
  } catch (error) {
    if (!(error instanceof EncodeError)) throw error
    throw new AdapterError('request-unencodable', 'The backend has no way to receive this request.', {
      violations: [violationOf(error)],
    })
  }
  return out.text
}
