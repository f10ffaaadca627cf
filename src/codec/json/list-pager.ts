import type { Segment } from '../../base/bytes/source.js'
import type { XmlReader } from '../../xml/reader.js'

/** A place in a text that grows. */
export interface TextMark {
  readonly segments: number
  /** Octets of the text after those segments. */
  readonly length: number
}

/** A text that a list is written to. */
export interface PagedText {
  /** Forgets all of it: an item of the same list was the last thing before. */
  restart(): void
  mark(): TextMark
  /** What there was when the mark was made. */
  upTo(mark: TextMark): readonly Segment[]
  /** Nobody asks for more of it. */
  release(): void
}

/** A place before an item of an outermost list, where a response that is still arriving can be cut in two. */
export interface ListCut {
  /** Which of the outermost lists, in the order of the document. */
  readonly list: number
  /** Items of it so far, those of earlier pages counted. */
  readonly items: number
  /** Of the first item of the list in the document as it stands, in octets of UTF-8. */
  readonly from: number
  /** Of the item before which the cut is. */
  readonly to: number
}

/**
 * Follows the outermost lists while a response is decoded of which not all has arrived: all before the last cut is good,
 * whatever follows.
 *
 * The next page is decoded from the beginning of the document again, without the items that are done: so it is in the
 * same place of the same content models, and its first list goes on where that of the page before was cut. What it writes
 * before that has been written already, and is dropped.
 */
export class ListPager {
  readonly #done: ReadonlyMap<number, number>
  readonly #resumed: number
  #depth = 0
  #list = 0
  #from = -1
  #cut: { readonly at: ListCut; readonly out: PagedText; readonly mark: TextMark } | undefined

  /** @param cuts of the pages before, in order */
  constructor(cuts: readonly ListCut[] = []) {
    this.#done = new Map(cuts.map(({ list, items }) => [list, items]))
    this.#resumed = cuts.at(-1)?.list ?? -1
  }

  /** The last cut after a whole item, undefined where there is none. */
  get cut(): ListCut | undefined {
    const { at } = this.#cut ?? {}
    return at && at.to > at.from ? at : undefined
  }

  /** JSON text up to the cut; to be taken once. */
  takePage(): readonly Segment[] {
    if (!this.#cut) return []
    const { out, mark } = this.#cut
    const page = out.upTo(mark)
    out.release()
    return page
  }

  /** A list begins. @returns how many of its items are done */
  enter(out: PagedText): number {
    if (this.#depth++ > 0) return 0
    const list = this.#list++
    this.#from = -1
    if (list === this.#resumed) out.restart()
    return this.#done.get(list) ?? 0
  }

  /** An item begins, on whose start tag the reader stands. @param items of the list before it */
  item(reader: XmlReader, out: PagedText, items: number): void {
    if (this.#depth > 1) return
    const to = reader.octet
    if (this.#from === -1) this.#from = to
    this.#cut = { at: { list: this.#list - 1, items, from: this.#from, to }, out, mark: out.mark() }
  }

  /** The list is over. */
  leave(): void {
    this.#depth--
  }
}
