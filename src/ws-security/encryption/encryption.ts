import type { SoapDialect } from '../../soap/envelope.js'
import { type Attachment, cidOf, headerOf, OCTETS } from '../../soap/xop.js'
import { XmlReader } from '../../xml/reader.js'
import { dataCiphers, encryptData, newKey } from '../algorithms/encryption.js'
import { type Span, startTagEnd } from '../document/document.js'
import { type Edit, edited } from '../document/edit.js'
import { readHead } from '../document/envelope-outline.js'
import { element, newId } from '../document/markup.js'
import {
  ATTACHMENT_CIPHERTEXT,
  DS,
  ENCRYPTED_ATTACHMENTS,
  WSSE,
  WSSE_11,
  WSU,
  WSU_ID,
  XENC,
} from '../names.js'
import { attachmentCoverage, type EncryptedPart, type EncryptionPolicy } from '../policy.js'
import type { UsedKey } from '../tokens/call-key.js'
import {
  cipherData,
  compileEncryptedKey,
  encryptedKeyReference,
  referenceList,
} from '../tokens/encrypted-key.js'
import { encryptedTokens } from '../tokens/header.js'

export interface EncryptedEnvelope {
  readonly text: string
  /**
   * For the wsse:Security header: EncryptedKey with what it encrypts, or the list of that alone where the key stands there, and what
   * stands for attachments.
   */
  readonly key: string
  /** Their cipher texts, where attachments are encrypted. */
  readonly attachments: readonly Attachment[]
}

const CONTENT = `${XENC}Content`
const ELEMENT = `${XENC}Element`

/**
 * Compiles what encrypts parts of an envelope of ours, each with the same key of one message (XML Encryption 1.1; SOAP Message
 * Security 1.1, section 9): the key of the call, or one that is encrypted for the certificate of the policy.
 *
 * @returns what encrypts an envelope and what travels beside it; each attachment has a Content-ID
 */
export function compileEncryption(
  policy: EncryptionPolicy,
  dialect: SoapDialect,
): (envelope: string, attachments: readonly Attachment[], callKey?: UsedKey) => EncryptedEnvelope {
  const { algorithm } = policy
  const encryptedKey = 'certificate' in policy ? compileEncryptedKey(policy) : undefined
  const find = targetFinder(policy, dialect)
  const method = element('xenc:EncryptionMethod', { Algorithm: dataCiphers[algorithm].uri }, '')
  const coverage = attachmentCoverage(policy.parts)
  return (envelope, attachments, callKey) => {
    const keyId = newId('EK')
    const { secret, reference } = callKey ?? {
      secret: newKey(algorithm),
      reference: encryptedKeyReference(keyId),
    }
    const keyInfo = element('ds:KeyInfo', { 'xmlns:ds': DS }, reference)
    const edits: Edit[] = []
    const ids: string[] = []
    for (const { start, end, type, header } of find(envelope)) {
      const id = newId('ED')
      ids.push(id)
      const data = element(
        'xenc:EncryptedData',
        { 'xmlns:xenc': XENC, Id: id, Type: type },
        method + keyInfo + cipherData(encryptData(algorithm, secret, envelope.slice(start, end))),
      )
      edits.push({ start, end, text: header === undefined ? data : encryptedHeader(header, data, dialect) })
    }
    const beside = coverage
      ? attachments.map((attachment) => {
          const id = newId('ED')
          ids.push(id)
          const data = element(
            'xenc:EncryptedData',
            {
              'xmlns:xenc': XENC,
              Id: id,
              Type: ENCRYPTED_ATTACHMENTS[coverage],
              MimeType: coverage === 'content' ? (attachment.mediaType ?? OCTETS) : undefined,
            },
            method + keyInfo + cipherReference(attachment.contentId ?? ''),
          )
          const plain = coverage === 'content' ? attachment.bytes : wholePart(attachment)
          const { contentId } = attachment
          return {
            data,
            part: { contentId, mediaType: OCTETS, bytes: encryptData(algorithm, secret, plain) },
          }
        })
      : undefined
    const list = callKey || !encryptedKey ? listOf(ids) : encryptedKey(secret, keyId, ids).markup
    return {
      text: edited(envelope, edits),
      attachments: beside?.map(({ part }) => part) ?? attachments,
      key: list + (beside?.map(({ data }) => data).join('') ?? ''),
    }
  }
}

function listOf(ids: readonly string[]): string {
  return ids.length === 0 ? '' : referenceList(ids)
}

/** The octets of a part stand in its place (WSS SOAP Messages with Attachments Profile 1.1, section 5.5). */
function cipherReference(contentId: string): string {
  const transform = element('ds:Transform', { 'xmlns:ds': DS, Algorithm: ATTACHMENT_CIPHERTEXT }, '')
  return element(
    'xenc:CipherData',
    {},
    element('xenc:CipherReference', { URI: cidOf(contentId) }, element('xenc:Transforms', {}, transform)),
  )
}

/** A part with its header, as it would be sent. */
function wholePart(attachment: Attachment): Uint8Array {
  const header = headerOf(attachment)
    .map(({ name, value }) => `${name}:${value}\r\n`)
    .join('')
  return Buffer.concat([Buffer.from(`${header}\r\n`, 'latin1'), attachment.bytes])
}

/** What a header that is encrypted says in the clear: for whom it is, and whether it must be understood. */
interface HeaderAttributes {
  readonly id: string | undefined
  readonly mustUnderstand: string | undefined
  readonly role: string | undefined
}

/** SOAP Message Security 1.1, section 9.3: those attributes of a header stay where intermediaries look for them. */
function encryptedHeader(header: HeaderAttributes, data: string, { version }: SoapDialect): string {
  return element(
    'wsse11:EncryptedHeader',
    {
      'xmlns:wsse11': WSSE_11,
      'xmlns:wsu': WSU,
      'wsu:Id': header.id ?? newId('EH'),
      'soap:mustUnderstand': header.mustUnderstand,
      [version === '1.1' ? 'soap:actor' : 'soap:role']: header.role,
    },
    data,
  )
}

interface Target {
  readonly start: number
  readonly end: number
  readonly type: typeof CONTENT | typeof ELEMENT
  readonly header?: HeaderAttributes
}

type FindTargets = (envelope: string) => Target[]

/** Finds what a policy encrypts, without reading more of an envelope than is needed for that. */
function targetFinder(
  { parts, elements, contents = [] }: EncryptionPolicy,
  dialect: SoapDialect,
): FindTargets {
  const { namespace, version } = dialect
  const isDeep = elements.length > 0 || contents.length > 0
  const asked = new Set<EncryptedPart>(parts)
  const inHeader =
    asked.has('headers') || asked.has('username') || asked.has('saml') || asked.has('signature')
  const mustUnderstand = `{${namespace}}mustUnderstand`
  const role = `{${namespace}}${version === '1.1' ? 'actor' : 'role'}`
  const find = (envelope: string, reader: XmlReader): Target[] => {
    const found: Target[] = []
    reader.nextElement()
    while (reader.nextElement()) {
      if (reader.name === `{${namespace}}Body`) {
        if (asked.has('body')) {
          const start = startTagEnd(envelope, reader.position)
          const end = envelope.lastIndexOf('</soap:Body')
          if (end > start) found.push({ start, end, type: CONTENT })
        } else if (isDeep) {
          found.push(...elementsBelow(reader, envelope, { elements, contents }))
        }
        return found
      }
      if (!inHeader) {
        reader.skip()
        continue
      }
      while (reader.nextElement()) {
        if (reader.name === `{${WSSE}}Security`) {
          while (reader.nextElement()) {
            const part = encryptedTokens.get(reader.name)
            const span = skipped(reader)
            if (part !== undefined && asked.has(part)) found.push({ ...span, type: ELEMENT })
          }
          continue
        }
        const header = {
          id: reader.attribute(WSU_ID),
          mustUnderstand: reader.attribute(mustUnderstand),
          role: reader.attribute(role),
        }
        const span = skipped(reader)
        if (asked.has('headers')) found.push({ ...span, type: ELEMENT, header })
      }
    }
    return found
  }
  return (envelope) =>
    isDeep ? find(envelope, new XmlReader(envelope)) : readHead(envelope, (reader) => find(envelope, reader))
}

function skipped(reader: XmlReader): Span {
  const start = reader.position
  reader.skip()
  return { start, end: reader.offset }
}

/** Elements whose paths are those asked for, or their contents; what lies within is encrypted with them. */
function elementsBelow(
  reader: XmlReader,
  envelope: string,
  { elements, contents }: Required<Pick<EncryptionPolicy, 'elements' | 'contents'>>,
): Target[] {
  const found: Target[] = []
  const visit = (open: readonly (readonly string[])[], depth: number): void => {
    while (reader.nextElement()) {
      const { localName } = reader
      const matching = open.filter((path) => path[depth] === localName)
      const whole = matching.filter((path) => path.length === depth + 1)
      if (whole.some((path) => elements.includes(path))) {
        found.push({ ...skipped(reader), type: ELEMENT })
      } else if (whole.length > 0) {
        const { start, end } = contentOf(envelope, skipped(reader))
        if (end > start) found.push({ start, end, type: CONTENT })
      } else if (matching.length > 0) visit(matching, depth + 1)
      else reader.skip()
    }
  }
  visit([...elements, ...contents], 0)
  return found
}

/** What stands between the tags of an element; nothing of one that is written `<a/>`. */
function contentOf(envelope: string, { start, end }: Span): Span {
  return { start: startTagEnd(envelope, start), end: envelope.lastIndexOf('</', end - 1) }
}
