import { bytesOf, type Octets } from '../base/bytes/source.js'
import { AdapterError } from '../base/errors.js'
import { XOP } from '../base/namespaces.js'
import { Binary } from '../json/value.js'
import { trimXml } from '../xml/white-space.js'
import type { HeaderField } from './mime-header.js'

/** xop:Include in Clark notation (XML-binary Optimized Packaging 1.0, section 2.1). */
export const XOP_INCLUDE = `{${XOP}}Include`

/** @param href of {@link cidOf} */
export function xopInclude(href: string): string {
  return `<xop:Include xmlns:xop="${XOP}" href="${href}"/>`
}

/** The URL of a part (RFC 2392, section 2). @param contentId without angle brackets */
export function cidOf(contentId: string): string {
  return `cid:${encodeURIComponent(contentId).replaceAll('%40', '@')}`
}

/** The Content-ID that a `cid:` URL names, without angle brackets; undefined for any other URL. */
export function contentIdOf(href: string): string | undefined {
  const url = trimXml(href)
  if (!/^cid:/i.test(url)) return undefined
  const encoded = url.slice('cid:'.length)
  try {
    return decodeURIComponent(encoded)
  } catch {
    return encoded
  }
}

/**
 * The part that a `cid:` URL names: the one whose Content-ID it is unescaped, or the one that is called as the URL stands, since
 * Apache CXF escapes what it calls parts and not the URL of it.
 *
 * @param partOf the part of a Content-ID
 * @returns undefined for any other URL, where there is no such part, and where two could be meant
 */
export function partNamed<Part extends MessagePart>(
  href: string,
  partOf: (contentId: string) => Part | undefined,
): Part | undefined {
  const contentId = contentIdOf(href)
  if (contentId === undefined) return undefined
  const meant = partOf(contentId)
  const written = partOf(trimXml(href).slice('cid:'.length))
  return meant && written && meant !== written ? undefined : (meant ?? written)
}

/** A part of a message beside its envelope: its bytes may be in pieces. */
export interface MessagePart {
  /** Without angle brackets. */
  readonly contentId: string | undefined
  /** Content-Type as it is written. */
  readonly mediaType: string | undefined
  readonly bytes: Octets
  /** All that a part came with; absent of one that is to be sent. */
  readonly header?: readonly HeaderField[]
}

/** A part in one piece. */
export interface Attachment extends MessagePart {
  readonly bytes: Uint8Array
}

/** For those who sign, verify, encrypt or parse it. */
export function inOnePiece(part: MessagePart): Attachment {
  return { ...part, bytes: bytesOf(part.bytes) }
}

export const OCTETS = 'application/octet-stream'

/** What a part says of itself (RFC 2045, sections 5 and 7): as it came, or as it will be sent. */
export function headerOf({
  contentId,
  mediaType = OCTETS,
  header,
}: Omit<MessagePart, 'bytes'>): readonly HeaderField[] {
  if (header) return header
  const id = contentId === undefined ? [] : [{ name: 'Content-ID', value: ` <${contentId}>` }]
  return [{ name: 'Content-Type', value: ` ${mediaType}` }, ...id]
}

/**
 * The parts of a response, as its envelope refers to them. A part may be referred to more than once, but all that is
 * taken is held to a limit: small answers must not grow without end.
 */
export class ReceivedAttachments {
  readonly #byId = new Map<string, MessagePart>()
  readonly #referred = new Set<MessagePart>()
  #left: number

  /** Whether parts may be told by their order and media types, which a signature need not cover. */
  readonly areOrdered: boolean

  /** @param maxBytes of all that is taken */
  constructor(
    readonly parts: readonly MessagePart[],
    readonly maxBytes: number,
    { areOrdered = true }: { readonly areOrdered?: boolean } = {},
  ) {
    this.areOrdered = areOrdered
    for (const part of parts) if (part.contentId !== undefined) this.#byId.set(part.contentId, part)
    this.#left = maxBytes
  }

  /** Those that nothing has referred to. */
  get unreferred(): readonly MessagePart[] {
    return this.parts.filter((part) => !this.#referred.has(part))
  }

  /**
   * @param href as the envelope has it
   * @returns undefined where it names no part of the message
   * @throws AdapterError `backend-too-large`
   */
  take(href: string): Binary | undefined {
    const part = partNamed(href, (contentId) => this.#byId.get(contentId))
    return part && this.taken(part)
  }

  /** @throws AdapterError `backend-too-large` */
  taken(part: MessagePart): Binary {
    this.#referred.add(part)
    this.#left -= part.bytes.byteLength
    if (this.#left < 0) {
      throw new AdapterError(
        'backend-too-large',
        `The backend's response refers to its attachments so often that they come to more than ${this.maxBytes} bytes.`,
      )
    }
    return new Binary(part.bytes, part.mediaType)
  }
}
