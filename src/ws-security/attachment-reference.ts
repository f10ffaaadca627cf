import type { Attachment } from '../soap/xop.js'

/**
 * The Content-ID that a `cid:` URL names (RFC 2392, section 2), without angle brackets.
 *
 * @returns undefined for any other URL, and for one that is not escaped as a URL is (RFC 3986, section 2.1): two readers could
 *   take it for two parts
 */
export function attachmentId(uri: string): string | undefined {
  if (!/^cid:[\x21-\x7e]+$/i.test(uri)) return undefined
  try {
    return decodeURIComponent(uri.slice('cid:'.length))
  } catch {
    return undefined
  }
}

/** The attachment that a `cid:` URL names; undefined where the message has none. */
export function attachmentNamed(uri: string, attachments: readonly Attachment[]): Attachment | undefined {
  const id = attachmentId(uri)
  return id === undefined ? undefined : attachments.find(({ contentId }) => contentId === id)
}
