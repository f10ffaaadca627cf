import { randomUUID } from 'node:crypto'
import { type AttachmentSink, EncodeError } from '../../codec/codec.js'
import { binaryOf } from '../../codec/values/binary.js'
import type { Binary } from '../../json/value.js'
import type { SentAttachment } from '../../mapping/operation/mapping.js'
import { covers, isRange } from '../../openapi/media-type.js'
import { cidOf, type MessagePart, OCTETS } from '../../soap/xop.js'
import type { MimePart } from '../../wsdl/model.js'
import type { CallContext } from '../call-context.js'
import type { RestRequest } from '../rest.js'
import { assemble, unencodable } from './assemble.js'

/** What travels beside one envelope. */
export class OutgoingAttachments implements AttachmentSink {
  readonly #parts: MessagePart[] = []
  readonly isXop: boolean
  readonly newId: () => string

  /** @param newId a name for each part */
  constructor({ isXop, newId = randomUUID }: { readonly isXop: boolean; readonly newId?: () => string }) {
    this.isXop = isXop
    this.newId = newId
  }

  get parts(): readonly MessagePart[] {
    return this.#parts
  }

  attach(value: Binary): string {
    const contentId = `${this.newId()}@soapstone`
    this.#parts.push({ contentId, mediaType: value.mediaType, bytes: value.content })
    return cidOf(contentId)
  }

  /**
   * Adds the parts that the WSDL declares, each under its name (WS-I Attachments Profile 1.0, section 3.8).
   *
   * @throws AdapterError `request-unencodable`
   */
  addDeclared(attachments: readonly SentAttachment[], request: RestRequest, context: CallContext): void {
    for (const { part, types, member, required } of attachments) {
      const value = assemble([member], request, context)[member.key]
      if (value === undefined && !required) continue
      const bytes = value === undefined ? undefined : binaryOf(value)
      if (!bytes) {
        const rule = value === undefined ? 'is required by the backend' : 'must be base64'
        throw unencodable(new EncodeError(rule).within(member.key))
      }
      this.addPart({ part, types }, bytes)
    }
  }

  /** Adds a part that the WSDL declares. */
  addPart({ part, types }: Pick<MimePart, 'part' | 'types'>, bytes: Binary): void {
    const contentId = `${encodeURIComponent(part)}=${this.newId()}@soapstone`
    this.#parts.push({ contentId, mediaType: mediaTypeOf(types, bytes), bytes: bytes.content })
  }
}

/** What the client said, where the WSDL allows it; else what the WSDL says. */
function mediaTypeOf(types: readonly string[], { mediaType }: Binary): string {
  const allowed =
    mediaType !== undefined && (types.length === 0 || types.some((type) => covers(type, mediaType)))
  return allowed ? mediaType : (types.find((type) => !isRange(type)) ?? OCTETS)
}
