import { createHash, timingSafeEqual } from 'node:crypto'
import { mediaTypeEssence, mediaTypeParameter } from '../../soap/mime-header.js'
import { type Attachment, headerOf, OCTETS } from '../../soap/xop.js'
import { decodeXml } from '../../xml/encoding.js'
import { XmlError } from '../../xml/reader.js'
import type { DigestAlgorithm } from '../algorithms/signature.js'
import { CanonicalFormTooLong, canonicalise } from '../document/canonical.js'
import { readSignedDocument, type SignedDocument } from '../document/document.js'
import { edited } from '../document/edit.js'
import { canonicalHeaders, NoCanonicalForm } from './mime-fields.js'

/** What of a part a signature covers: its content, or its header fields as well. */
export type AttachmentCoverage = 'content' | 'complete'

/** How long the canonical form of XML may be, in lengths of the part and in UTF-16 code units. */
const LENGTHENED = 4
const SHORT = 65_536

/**
 * What a part is digested as (WSS SOAP Messages with Attachments Profile 1.1, sections 5.3 and 5.4): its content after
 * Content-Transfer-Encoding, XML in exclusive canonical form without comments, the line ends of other texts as CRLF.
 *
 * @throws NoCanonicalForm
 */
export function attachmentDigest(
  attachment: Attachment,
  coverage: AttachmentCoverage,
  algorithm: DigestAlgorithm,
): Buffer {
  const [digest] = digests(attachment, coverage, algorithm).all
  if (!digest) throw new Error('A part has one form at least')
  return digest
}

/**
 * Whether a part has a digest, in a form of the profile or of the stack that most backends are built on.
 *
 * @param unsignedPrefixes whether `xsi:type` in XML may use a prefix whose declaration the canonical form does not show: the transforms
 *   of the profile have no InclusiveNamespaces
 * @throws NoCanonicalForm
 */
export function hasAttachmentDigest(
  attachment: Attachment,
  coverage: AttachmentCoverage,
  {
    digest,
    value,
    unsignedPrefixes,
  }: { readonly digest: DigestAlgorithm; readonly value: Buffer; readonly unsignedPrefixes: boolean },
): boolean {
  const { all, isUncovered } = digests(attachment, coverage, digest)
  if (!all.some((each) => each.length === value.length && timingSafeEqual(each, value))) return false
  if (!isUncovered || unsignedPrefixes) return true
  throw new NoCanonicalForm(
    'an xsi:type in it uses a prefix whose declaration no signature of attachments covers; verify.unsignedPrefixes accepts it',
  )
}

interface Digests {
  /** One for each form of the header fields. */
  readonly all: readonly Buffer[]
  /** Whether it is XML that has QNames of prefixes whose declarations are not digested. */
  readonly isUncovered: boolean
}

function digests(attachment: Attachment, coverage: AttachmentCoverage, algorithm: DigestAlgorithm): Digests {
  const { octets, isUncovered } = contentOf(attachment)
  const headers = coverage === 'content' ? [''] : canonicalHeaders(headerOf(attachment))
  const all = headers.map((header) => createHash(algorithm).update(header, 'utf8').update(octets).digest())
  return { all, isUncovered }
}

function contentOf(attachment: Attachment): { readonly octets: Uint8Array; readonly isUncovered: boolean } {
  const { bytes } = attachment
  switch (kindOf(attachment)) {
    case 'xml': {
      const { text, isUncovered } = canonicalDocument(readXml(attachment))
      return { octets: Buffer.from(text, 'utf8'), isUncovered }
    }
    case 'text':
      return {
        octets: Buffer.from(latin1(bytes).replace(/\r\n?|\n/g, '\r\n'), 'latin1'),
        isUncovered: false,
      }
    case 'other':
      return { octets: bytes, isUncovered: false }
  }
}

/** RFC 7303 has the media types of XML; a part that came without Content-Type is a text (RFC 2045, section 5.2). */
function kindOf({ mediaType, header }: Attachment): 'xml' | 'text' | 'other' {
  const essence = mediaTypeEssence(mediaType ?? (header ? 'text/plain' : OCTETS)) ?? ''
  if (/^(?:text|application)\/xml$|\+xml$/.test(essence)) return 'xml'
  return essence.startsWith('text/') ? 'text' : 'other'
}

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1')
}

/** @throws NoCanonicalForm */
function readXml({ bytes, mediaType = '' }: Attachment): SignedDocument {
  try {
    return readSignedDocument(decodeXml(bytes, mediaTypeParameter(mediaType, 'charset')))
  } catch (error) {
    if (!(error instanceof XmlError)) throw error
    throw new NoCanonicalForm('it says that it is XML, and is not well-formed, or has a document type')
  }
}

const INSTRUCTION = /<!--[^]*?-->|<\?([^]*?)\?>/g
const TARGET = /^[^ \t\r\n]+/

/** Canonical XML 1.0, section 2.3: instructions before and after the document element stand on lines of their own. */
function canonicalDocument({ text, root }: SignedDocument): {
  readonly text: string
  readonly isUncovered: boolean
} {
  const around = (from: number, to: number): string[] =>
    [...text.slice(from, to).replace(/\r\n?/g, '\n').matchAll(INSTRUCTION)].flatMap(([, content = '']) => {
      const [target = 'xml'] = TARGET.exec(content) ?? []
      const data = content.slice(target.length).replace(/^[ \t\r\n]+/, '')
      return target === 'xml' ? [] : [`<?${target}${data === '' ? '' : ` ${data}`}?>`]
    })
  try {
    const { bytes, uncovered } = canonicalise(root, [], text.length * LENGTHENED + SHORT)
    const lines = [...around(0, root.start), bytes, ...around(root.end, text.length)]
    return { text: lines.join('\n'), isUncovered: uncovered.size > 0 }
  } catch (error) {
    if (!(error instanceof CanonicalFormTooLong)) throw error
    throw new NoCanonicalForm('it is much longer in canonical form')
  }
}

/**
 * A part as its signature found it: comments of XML, which no signature covers and which could split a text, are left out.
 *
 * @throws NoCanonicalForm
 */
export function withoutComments(attachment: Attachment): Attachment {
  if (kindOf(attachment) !== 'xml' || !mayHaveComments(attachment)) return attachment
  const { text, comments } = readXml(attachment)
  if (comments.length === 0) return attachment
  const { bytes } = attachment
  const content = Buffer.from(text, 'utf8')
  if (!content.equals(bytes)) {
    throw new NoCanonicalForm(
      'it has comments, and is in another encoding than UTF-8 or has a byte order mark',
    )
  }
  const kept = edited(
    text,
    comments.map((span) => ({ ...span, text: '' })),
  )
  return { ...attachment, bytes: Buffer.from(kept, 'utf8') }
}

/** Told without reading it again. An encoding that does not have ASCII in it as it is, has octets of zero. */
function mayHaveComments({ bytes }: Attachment): boolean {
  const octets = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return octets.includes('<!--') || octets.includes(0)
}
