import type { Segment } from '../base/byte-source.js'
import type { ByteStream } from '../base/byte-stream.js'
import { AdapterError } from '../base/errors.js'
import { type ListCut, ListPager } from '../codec/list-pager.js'
import { notWellFormed } from '../soap/not-well-formed.js'
import { XmlDecoder } from '../xml/encoding.js'
import { XmlError } from '../xml/error.js'

/** What has been read of a response: all that is left of it, or JSON text up to an item of a list. */
export type AnswerPage<T> =
  | { readonly isLast: true; readonly result: T }
  | { readonly isLast: false; readonly json: readonly Segment[] }

export interface ArrivingAnswer {
  /** The first bytes, with the XML declaration in them. */
  readonly body: Uint8Array
  readonly rest: ByteStream
  readonly charset: string | undefined
}

/** In UTF-16 code units. */
const PAGE = 65_536

/**
 * Reads a response while it arrives, one page after the other: each is decoded by what decodes whole responses, and ends
 * before an item of an outermost list. Without a list, or with items that are longer than a page, more is waited for.
 *
 * @param read decodes a document, following its lists; called for each page
 * @param least a page is read when so much more of the response has come, in UTF-16 code units
 * @throws what `read` throws, at the first page before anything is given
 */
export async function* readPages<T>(
  { body, rest, charset }: ArrivingAnswer,
  read: (xml: string, pager: ListPager) => T,
  least = PAGE,
): AsyncGenerator<AnswerPage<T>, void> {
  const decoder = new XmlDecoder(charset)
  const chunks = rest[Symbol.asyncIterator]()
  const cuts: ListCut[] = []
  let xml = decoded(decoder, body, { isLast: false })
  let isLast = false
  try {
    for (;;) {
      const pager = new ListPager(cuts)
      // Whatever begins with the last `<` may not be what it looks like yet.
      const part = isLast ? xml : xml.slice(0, Math.max(0, xml.lastIndexOf('<')))
      const result = part === '' && !isLast ? undefined : readPart(() => read(part, pager), { isLast })
      if (isLast && result) {
        rest.close()
        yield { isLast, result: result.whole }
        return
      }
      const { cut } = pager
      let wanted = Math.max(least, xml.length)
      if (cut && !result) {
        yield { isLast: false, json: pager.page }
        // Of each list the last cut tells how far it is done.
        if (cuts.at(-1)?.list === cut.list) cuts.pop()
        cuts.push(cut)
        xml = xml.slice(0, cut.from) + xml.slice(cut.to)
        // What is before the list is read again with each page.
        wanted = Math.max(least, cut.from)
      }
      for (let more = 0; more < wanted && !isLast;) {
        const next = await chunks.next()
        isLast = next.done === true
        const text = decoded(decoder, next.value ?? new Uint8Array(), { isLast })
        xml += text
        more += text.length
      }
    }
  } catch (error) {
    rest.close(error instanceof Error ? error : undefined)
    throw error
  } finally {
    rest.close()
  }
}

function decoded(decoder: XmlDecoder, bytes: Uint8Array, { isLast }: { readonly isLast: boolean }): string {
  try {
    return decoder.decode(bytes, { isLast })
  } catch (cause) {
    if (!(cause instanceof XmlError)) throw cause
    throw notWellFormed(cause)
  }
}

/** @returns undefined where the document breaks off; more of it may come */
function readPart<T>(
  read: () => T,
  { isLast }: { readonly isLast: boolean },
): { readonly whole: T } | undefined {
  try {
    return { whole: read() }
  } catch (error) {
    const { cause } = error instanceof AdapterError ? error : {}
    const mayGoOn = cause instanceof XmlError && cause.code === 'not-well-formed'
    if (isLast || !mayGoOn) throw error
    return undefined
  }
}
