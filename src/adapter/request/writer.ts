import { type Segment, textOf } from '../../base/bytes/source.js'
import { BodyCodec } from '../../codec/body.js'
import { EncodeError, XmlText } from '../../codec/codec.js'
import type { Compiler } from '../../codec/compile.js'
import type { RequestMapping, RequestMember, SentAttachment } from '../../mapping/operation/mapping.js'
import { ADDRESSING_DECLARATION } from '../../soap/addressing.js'
import { envelopeStart, type SoapDialect, writeEnvelopeAround } from '../../soap/envelope.js'
import type { MessagePart } from '../../soap/xop.js'
import type { CallContext } from '../call-context.js'
import type { RestRequest } from '../rest.js'
import { assemble, unencodable } from './assemble.js'
import { OutgoingAttachments } from './outgoing-attachments.js'

/** An envelope, and what travels beside it. */
export interface WrittenMessage {
  readonly envelope: readonly Segment[]
  readonly attachments: readonly MessagePart[]
}

interface Part {
  readonly codec: BodyCodec
  readonly members: readonly RequestMember[]
}

/** Writes the envelopes of one operation. */
export class RequestWriter {
  readonly #start: string
  readonly #body: Part
  readonly #header: Part | undefined
  readonly #attachments: readonly SentAttachment[]
  readonly #isXop: boolean

  /**
   * @param isAddressed whether blocks of WS-Addressing will be among the others
   * @param isXop whether bytes travel beside the envelope wherever they can
   */
  constructor(
    { body, members, headers, attachments }: RequestMapping,
    {
      compiler,
      dialect,
      isAddressed,
      isXop,
    }: {
      readonly compiler: Compiler
      readonly dialect: SoapDialect
      readonly isAddressed: boolean
      readonly isXop: boolean
    },
  ) {
    this.#attachments = attachments
    this.#isXop = isXop
    const blocks = headers && { wrapper: undefined, object: headers.object }
    const declarations = compiler.declarations(body, ...(blocks ? [blocks] : []))
    this.#start = envelopeStart(dialect, declarations + (isAddressed ? ADDRESSING_DECLARATION : ''))
    this.#body = { codec: new BodyCodec(body, compiler), members }
    this.#header = headers && blocks && { codec: new BodyCodec(blocks, compiler), members: headers.members }
  }

  /**
   * @param blocks header blocks that come first
   * @throws AdapterError `request-unencodable`
   */
  write(request: RestRequest, context: CallContext, blocks: string): WrittenMessage {
    const attachments = new OutgoingAttachments({ isXop: this.#isXop })
    const own = this.#header ? encode(this.#header, request, context, new XmlText()) : ['']
    const body = encode(this.#body, request, context, new XmlText(attachments))
    attachments.addDeclared(this.#attachments, request, context)
    return {
      envelope: writeEnvelopeAround(this.#start, blocks + textOf(own), body),
      attachments: attachments.parts,
    }
  }
}

function encode(
  { codec, members }: Part,
  request: RestRequest,
  context: CallContext,
  out: XmlText,
): readonly Segment[] {
  try {
    codec.encode(assemble(members, request, context), out)
  } catch (error) {
    throw error instanceof EncodeError ? unencodable(error) : error
  }
  return out.segments
}
