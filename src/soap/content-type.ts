import { trimXml } from '../xml/white-space.js'

/** What a Content-Type says (RFC 9110, section 8.3). */
export interface ContentType {
  /** In lower case, without parameters; empty where there is none. */
  readonly mediaType: string
  /** As it was sent. */
  readonly charset: string | undefined
}

const CHARSET = /;[ \t]*charset[ \t]*=[ \t]*"?([^ \t";]+)/i

/** A backend sends the same field with every response. */
let last: { readonly field: string; readonly contentType: ContentType } | undefined

/** Reads a Content-Type. @param field empty for none */
export function contentTypeOf(field: string): ContentType {
  if (last?.field === field) return last.contentType
  const [before = ''] = field.split(';')
  const contentType = { mediaType: trimXml(before).toLowerCase(), charset: CHARSET.exec(field)?.[1] }
  last = { field, contentType }
  return contentType
}

/** The charset parameter of a media type (RFC 9110, section 8.3.2). */
export function charsetOf(field: string | undefined): string | undefined {
  return contentTypeOf(field ?? '').charset
}
