import { isWholeState } from '../grammar/noun-phrases.js'
import { kebab } from '../words/names.js'
import { anchorOf, ownerOf, withoutParent } from './anchors.js'
import type { Route } from './route.js'
import { plural, type Subject } from './subject.js'

/** `POST /{noun}/{id}/{verb}`, below what the noun belongs to, or without an identifier where there is none. */
function action(
  subject: Subject,
  noun: readonly string[],
  { isQualified = false }: { readonly isQualified?: boolean } = {},
): Route {
  const { name, inputs } = subject
  const state = isWholeState(name) ? [] : name.state
  // `MarkMessageRead` and `MarkAsRead`: the state is what is done. What is done without something is another thing.
  const said = /^(?:as|without)$/.test(name.tail[0] ?? '') ? name.link : state
  const verb = kebab([name.verb ?? kebab(name.words), ...(isQualified ? name.link : said)])
  const post = (segments: Route['segments'], ...end: string[]): Route => ({
    method: 'post',
    segments: [...segments, ...end, verb],
    query: [],
  })
  const anchor = anchorOf(subject, noun, { optionalsToo: false })
  if (anchor?.isOwn) {
    const { segments, rest } = withoutParent(anchor)
    return post(segments, ...(rest.length === 0 ? [] : [kebab(rest)]))
  }
  if (anchor && name.tail.length === 0 && inputs.path.length === 0 && !name.isBatch)
    return post(anchor.segments, kebab(noun))
  return post([plural(noun, subject)], ...(name.isBatch ? ['batch'] : []))
}

/** The action, and where another operation has its path, one that says more. */
export function actions(subject: Subject, noun: readonly string[]): Route[] {
  if (noun.length === 0) return []
  const plain = action(subject, noun)
  return subject.name.tail.length === 0 ? [plain] : [plain, action(subject, noun, { isQualified: true })]
}

/** `RemoveFromPortfolio` and `LogInToAccount` act on what they name. */
export function ownerActions(subject: Subject): Route[] {
  const { name } = subject
  if (name.owner.length === 0 || name.intent === undefined) return []
  const owner = ownerOf(subject, [])
  const verb = name.verb ?? kebab(name.words)
  return [
    {
      method: 'post',
      segments: owner ? [...owner.segments, verb] : [plural(name.owner, subject), verb],
      query: [],
    },
  ]
}
