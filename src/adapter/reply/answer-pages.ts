import type { Segment } from '../../base/bytes/source.js'
import type { ByteStream } from '../../base/bytes/stream.js'
import { AdapterError } from '../../base/errors.js'
import { type ListCut, ListPager } from '../../codec/json/list-pager.js'
import { notWellFormed } from '../../soap/not-well-formed.js'
import { XmlDecoder } from '../../xml/encoding.js'
import { XmlError } from '../../xml/error.js'
import { XmlSource } from '../../xml/source.js'

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

/** In octets of UTF-8. */
const PAGE = 65_536
const LESS = 0x3c

/**
 * Reads a response while it arrives, one page after the other: each is decoded by what decodes whole responses, and ends
 * before an item of an outermost list. Without a list, or with items that are longer than a page, more is waited for.
 *
 * @param read decodes a document, following its lists; called for each page
 * @param least a page is read when so much more of the response has come, in octets of UTF-8
 * @throws what `read` throws, at the first page before anything is given
 */
export async function* readPages<T>(
  { body, rest, charset }: ArrivingAnswer,
  read: (document: XmlSource, pager: ListPager) => T,
  least = PAGE,
): AsyncGenerator<AnswerPage<T>, void> {
  const decoder = new XmlDecoder(charset)
  const chunks = rest[Symbol.asyncIterator]()
  const cuts: ListCut[] = []
  let xml = decoded(decoder, body, { isLast: false })
  let isLast = false
  let hasInstruction = false
  try {
    for (;;) {
      const pager = new ListPager(cuts)
      // Whatever begins with the last `<` may not be what it looks like yet.
      const part = isLast ? xml : xml.subarray(0, Math.max(0, xml.lastIndexOf(LESS)))
      const isNothing = part.length === 0 && !isLast
      const source = XmlSource.ofUtf8(part, { isPart: !isLast, hasInstruction })
      const result = isNothing ? undefined : readPart(() => read(source, pager), { isLast })
      hasInstruction = source.hasInstruction
      if (isLast && result) {
        rest.close()
        yield { isLast, result: result.whole }
        return
      }
      const { cut } = pager
      let wanted = Math.max(least, xml.length)
      let kept: readonly Buffer[] = [xml]
      if (cut && !result) {
        yield { isLast: false, json: pager.takePage() }
        // Of each list the last cut tells how far it is done.
        if (cuts.at(-1)?.list === cut.list) cuts.pop()
        cuts.push(cut)
        kept = [xml.subarray(0, cut.from), xml.subarray(cut.to)]
        // What is before the list is read again with each page.
        wanted = Math.max(least, cut.from)
      }
      const added: Buffer[] = []
      for (let more = 0; more < wanted && !isLast;) {
        const next = await chunks.next()
        isLast = next.done === true
        const octets = decoded(decoder, next.value ?? new Uint8Array(), { isLast })
        added.push(octets)
        more += octets.length
      }
      xml = Buffer.concat([...kept, ...added])
    }
  } catch (error) {
    rest.close(error instanceof Error ? error : undefined)
    throw error
  } finally {
    rest.close()
  }
}

function decoded(decoder: XmlDecoder, bytes: Uint8Array, { isLast }: { readonly isLast: boolean }): Buffer {
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
