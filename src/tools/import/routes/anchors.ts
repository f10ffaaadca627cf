import type { OperationName } from '../grammar/operation-name.js'
import {
  fitsPath,
  identified,
  isAddress,
  isLanguage,
  isLanguageNoun,
  type Placement,
  placementOf,
} from '../inputs/identifiers.js'
import type { Inputs, ScalarInput } from '../inputs/inputs.js'
import { kebab, plainWords } from '../words/names.js'
import { isAlike, isPlural, singularOf } from '../words/nouns.js'
import { plural, type Subject } from './subject.js'

/** A path up to what identifiers among the inputs name. */
export interface Anchor {
  readonly segments: readonly (string | ScalarInput)[]
  readonly taken: readonly ScalarInput[]
  /** What of the noun is still to be said. */
  readonly rest: readonly string[]
  /** The path names the thing itself, not what it belongs to. */
  readonly isOwn: boolean
}

/**
 * The path up to the thing that the identifiers among the inputs name.
 *
 * @param isNew the thing itself is not there yet, only what it belongs to
 */
export function anchorOf(
  subject: Subject,
  noun: readonly string[],
  { optionalsToo, isNew = false }: { readonly optionalsToo: boolean; readonly isNew?: boolean },
): Anchor | undefined {
  const { inputs, name } = subject
  const isNamed = isUndecided(inputs)
  const ids = inputs.scalars.flatMap((input) => {
    const stem = stemOf(input, subject, noun)
    return stem ? [{ input, placement: placementOf(stem, noun), required: input.required }] : []
  })
  const owns = ids.filter(
    ({ placement, required }) =>
      placement.kind === 'own' &&
      (required || optionalsToo || (placement.rest.length > 0 && isNamed)) &&
      !(isNew && placement.rest.length === 0),
  )
  const own = owns.length === 1 || owns[0]?.required ? owns[0] : undefined
  const isOuter = ({ steps }: ScalarInput): boolean => steps.length === inputs.path.length
  const parents = ids.filter(
    ({ input, placement, required }) => placement.kind === 'parent' && required && isOuter(input),
  )
  const parent =
    parents.length === 1 || own ? parents[0] : parents.find(({ placement }) => isQualifier(placement, name))
  if (own?.placement.kind === 'own') {
    const { collection, rest } = own.placement
    const part =
      rest.length === 0
        ? undefined
        : ids.find((each) => each !== own && each.required && isPart(each.placement, rest))
    if (part) {
      return {
        segments: [plural(collection, subject), own.input, plural(rest, subject), part.input],
        taken: [own.input, part.input],
        rest: [],
        isOwn: true,
      }
    }
    const above =
      parent && rest.length === 0 ? [plural(parent.placement.collection, subject), parent.input] : []
    return {
      segments: [...above, plural(collection, subject), own.input],
      taken: above.length > 0 && parent ? [parent.input, own.input] : [own.input],
      rest,
      isOwn: true,
    }
  }
  const [first, second, ...more] = parents
  if (
    first &&
    second &&
    more.length === 0 &&
    inputs.scalars.length === 2 &&
    optionalsToo &&
    !parent &&
    isOne(noun)
  ) {
    return {
      segments: [
        plural(first.placement.collection, subject),
        first.input,
        plural(noun, subject),
        second.input,
      ],
      taken: [first.input, second.input],
      rest: [],
      isOwn: true,
    }
  }
  if (!parent) return undefined
  return {
    segments: [plural(parent.placement.collection, subject), parent.input],
    taken: [parent.input],
    rest: noun,
    isOwn: false,
  }
}

/** Nothing is required, as where code made the WSDL: what the name says that it is of is asked for all the same. */
function isUndecided({ scalars, others }: Inputs): boolean {
  return [...scalars, ...others].every(({ required }) => !required)
}

/** `lineId` identifies the `line` of `order line`. */
function isPart(placement: Placement, rest: readonly string[]): boolean {
  return kebab(placement.collection) !== '' && isAlike(kebab(placement.collection), kebab(rest))
}

/** What is made or done refers to these without being a part of them: `templateId`. */
export const references = new Set(
  'template type category status state kind currency country language image class method reason version unit model mode format'.split(
    ' ',
  ),
)

/** What an input identifies, for an operation on a noun. */
function stemOf(
  input: ScalarInput,
  { name, resources, returnsList }: Subject,
  noun: readonly string[],
): readonly string[] | undefined {
  if (isLanguage(input) && !isLanguageNoun(noun)) return undefined
  const known = resources.of(noun)
  const stem = identified(input)
  const isRead = name.intent === 'read' || name.intent === 'search'
  if (stem !== undefined) {
    const isOther =
      stem.length === 0 && known !== undefined && known.ids.size > 0 && !known.ids.has(input.xmlName)
    // Another input says that it is the identifier; and what is done to a user is not done to an address.
    if (isOther || (!isRead && isAddress(input))) return undefined
    const isMany = name.isMany || returnsList || isPlural(noun.at(-1) ?? '')
    if (isRead && isMany && name.tail[0] === 'by' && isFilter(input, stem, { noun, resources }))
      return undefined
    // A number of no thing, `trackingNumber`, tells none of several things from the others.
    if (!isRead && stem.length === 0 && plainWords(input.xmlName).length > 1 && isPlural(noun.at(-1) ?? ''))
      return undefined
    if (!isRead && references.has(stem.at(-1) ?? '') && !noun.includes(stem.at(-1) ?? '')) return undefined
    return stem
  }
  if (!fitsPath(input)) return undefined
  if (known?.keys.has(input.xmlName)) return []
  const isNamed = noun.length > 0 && isAlike(plainWords(input.xmlName).join('-'), kebab(noun))
  return isNamed && name.intent !== 'create' && name.intent !== 'update' ? noun : undefined
}

/**
 * Several are listed by a kind or a state that they have, not below it: `getOrdersByTypeCode`, `getOrdersByStateId`. Where the service
 * has such things, they own what is listed.
 */
function isFilter(
  { xmlName }: ScalarInput,
  stem: readonly string[],
  { noun, resources }: { readonly noun: readonly string[]; readonly resources: Subject['resources'] },
): boolean {
  if (stem.length === 0) return plainWords(xmlName).length > 1
  const last = stem.at(-1) ?? ''
  return references.has(last) && !noun.includes(last) && resources.of(stem)?.isCollection !== true
}

/** One of a thing, which a number may tell from others: a transaction, but not details of a version. */
function isOne(noun: readonly string[]): boolean {
  return !noun.some((word) => isPlural(word) || /\d$/.test(word))
}

function isQualifier({ collection }: Placement, { qualifier }: OperationName): boolean {
  return kebab(collection) !== '' && kebab(qualifier).startsWith(kebab(collection))
}

/** What an input is called after, without `Id` or `Name`. */
export function thingOf(input: ScalarInput): readonly string[] {
  const stem = identified(input)
  if (stem && stem.length > 0) return stem
  return plainWords(input.xmlName).filter((word) => word !== 'name' && word !== 'dn')
}

/**
 * The path up to what the noun is part of, as the name says it: `roles/{role}` for `addPrincipalToRole`. An input identifies it
 * that is named after it, with or without `Id`.
 */
export function ownerOf(subject: Subject, noun: readonly string[]): Anchor | undefined {
  const { name, inputs } = subject
  const { owner } = name
  if (owner.length === 0) return undefined
  const fitting = inputs.scalars.filter(fitsPath)
  const required = fitting.filter((scalar) => scalar.required)
  const asked = isUndecided(inputs) ? fitting : required
  const last = singularOf(owner.at(-1) ?? '')
  const exact = asked.find((input) => kebab(thingOf(input).map(singularOf)) === kebab(owner.map(singularOf)))
  const near = asked.find(
    (input) =>
      (input.required || identified(input) !== undefined) && singularOf(thingOf(input).at(-1) ?? '') === last,
  )
  const vague =
    required.length === 1 && noun.length > 0
      ? required.find((each) => identified(each)?.length === 0)
      : undefined
  const input = exact ?? near ?? vague
  if (!input) return undefined
  return { segments: [plural(owner, subject), input], taken: [input], rest: noun, isOwn: false }
}

/** What is left to say of a noun below its owner: `entries` of `timesheet entries`. */
export function withoutOwner(noun: readonly string[], owner: readonly string[]): readonly string[] {
  const begins = noun.length > owner.length && owner.every((word, index) => noun[index] === word)
  return begins ? noun.slice(owner.length) : noun
}

/** Is an input called after a thing, with or without `Id`? */
export function isNamedAfter(input: ScalarInput, noun: readonly string[]): boolean {
  return fitsPath(input) && isAlike(thingOf(input).at(-1) ?? '', noun.at(-1) ?? '')
}

/** What is done to a thing needs no word of what it belongs to. */
export function withoutParent({ segments, taken, rest }: Anchor): Omit<Anchor, 'isOwn'> {
  return segments.length > 3
    ? { segments: segments.slice(-2), taken: taken.slice(-1), rest }
    : { segments, taken, rest }
}
