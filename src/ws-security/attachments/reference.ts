import { type Attachment, partNamed } from '../../soap/xop.js'

/**
 * Whether it is a `cid:` URL (RFC 2392, section 2) that is escaped as a URL is (RFC 3986, section 2.1): of any other, two readers
 * could make two names.
 */
export function isAttachmentUrl(uri: string): boolean {
  return /^cid:(?:[\x21-\x24\x26-\x7e]|%[0-9a-f]{2})+$/i.test(uri)
}

/** The attachment that a `cid:` URL names; undefined where the message has none. */
export function attachmentNamed(uri: string, attachments: readonly Attachment[]): Attachment | undefined {
  return isAttachmentUrl(uri)
    ? partNamed(uri, (id) => attachments.find(({ contentId }) => contentId === id))
    : undefined
}
