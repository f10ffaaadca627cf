import type { ScalarInput } from '../inputs/inputs.js'
import { kebab } from '../words/names.js'
import { anchorOf, isNamedAfter, ownerOf, withoutParent } from './anchors.js'
import { queryInputs } from './query-inputs.js'
import { bare, type Route, withQuery } from './route.js'
import { plural, type Subject } from './subject.js'

/** A question or a calculation: GET where its input is scalars, `GET /premiums/calculate?age=`, `GET /users/{userId}/active`. */
export function checkRoutes(subject: Subject, noun: readonly string[]): Route[] {
  const flat = queryInputs(subject.inputs)
  const { name } = subject
  const seen = flat ? { ...subject, inputs: flat } : subject
  const said = name.verb ?? kebab(name.words)
  // `CheckLost` asks whether a card is lost: the state is the question.
  const words =
    name.state.length > 0 && said === 'check'
      ? [kebab(name.state)]
      : [...name.state, ...(said === '' ? [] : [said])]
  const why = 'GET for a check or a calculation, which changes nothing; move those that do to post'
  const make = (segments: Route['segments'], taken: readonly ScalarInput[]): Route =>
    flat
      ? { ...withQuery(segments, taken, flat.scalars), inputs: flat, decision: why }
      : { method: 'post', segments, query: [] }
  if (noun.length === 0) return [make(withoutNoun(subject, words), [])]
  const owner = ownerOf(seen, noun)
  const own =
    owner && seen.inputs.scalars.find((each) => !owner.taken.includes(each) && isNamedAfter(each, noun))
  if (owner && own) {
    return [make([...owner.segments, plural(noun, subject), own, ...words], [...owner.taken, own])]
  }
  const anchor = anchorOf(seen, noun, { optionalsToo: name.verb === 'exists' })
  const base =
    anchor?.isOwn === true
      ? withoutParent(anchor)
      : { segments: [plural(noun, subject)], taken: [], rest: [] }
  const rest = base.rest.length === 0 ? [] : [kebab(base.rest)]
  const routes = [make([...base.segments, ...rest, ...words], base.taken)]
  if (name.tail.length > 0)
    routes.push(
      make(
        [...base.segments, ...rest, ...words.slice(0, -1), kebab([...words.slice(-1), ...name.link])],
        base.taken,
      ),
    )
  routes.push(make(bare(subject).segments, []))
  return routes
}

/** `IsAlive` asks for what is left of its name. */
function withoutNoun(subject: Subject, words: readonly string[]): string[] {
  const { name, isOneOfSeveral, service } = subject
  const own = name.tail.length === 0 && words.length > 0 ? words : [kebab(name.phrase)]
  return [...(isOneOfSeveral ? [kebab(service)] : []), ...own]
}
