import type { JsonObject } from '../../json/value.js'
import type { ContentMapping } from '../../mapping/canonical/value-mapping.js'
import type { XmlReader } from '../../xml/reader.js'
import type { ContentMatcher } from '../../xsd/content/matcher.js'
import type { ContentCodec, XmlText } from '../codec.js'
import type { JsonText } from '../json/text.js'
import { Plan } from '../plan.js'

/** A content model whose particles compete for children: they are told apart before they are read. */
export class PlannedContentCodec implements ContentCodec {
  readonly emptiable: boolean
  readonly members: readonly string[]

  constructor(
    readonly content: ContentCodec,
    readonly matcher: ContentMatcher<ContentMapping>,
  ) {
    this.emptiable = content.emptiable
    this.members = content.members
  }

  starts(reader: XmlReader): boolean {
    return this.content.starts(reader)
  }

  isPresent(object: JsonObject): boolean {
    return this.content.isPresent(object)
  }

  isComplete(object: JsonObject): boolean {
    return this.content.isComplete(object)
  }

  encode(object: JsonObject, out: XmlText): void {
    this.content.encode(object, out)
  }

  decode(reader: XmlReader, out: JsonText, more: boolean): boolean {
    if (!more) return this.content.decode(reader, out, more)
    const particles = this.matcher.match(reader.siblings())
    // Lists in here are not cut into pages: what their items are depends on what follows.
    out.pager?.enter(out)
    // Without a match, one element of look-ahead finds the place that is wrong.
    const left = this.content.decode(reader, out, more, particles && new Plan(particles))
    out.pager?.leave()
    return left
  }

  decodeAbsent(out: JsonText): void {
    this.content.decodeAbsent(out)
  }
}
