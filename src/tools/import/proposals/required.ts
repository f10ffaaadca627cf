import type { SoapMessage } from '../../../wsdl/model.js'
import { compileFacets } from '../../../xsd/values/facets.js'
import type { OperationName } from '../grammar/operation-name.js'
import { identified, isComplete, isLanguage, placementOf } from '../inputs/identifiers.js'
import { type Inputs, objectsIn, type ScalarInput } from '../inputs/inputs.js'
import { isPersonNumber } from '../inputs/secrets.js'
import { references } from '../routes/anchors.js'
import { saves } from '../routes/writes.js'
import { isSafe } from '../words/intent.js'
import { kebab, plainWords } from '../words/names.js'
import { isAlike } from '../words/nouns.js'
import { optionalKeyMembers } from './keys.js'

/** What the documentation of a member says where it must be there, in the languages that WSDLs are written in. */
const demanded =
  /\b(?:required|mandatory|compulsory|must be (?:given|set|present|provided|specified|supplied)|pflichtfeld|pflichtangabe|obligatorisk|p(?:å|aa)krevd|verplicht|obligatorio|obligat[oó]ria|obrigat[oó]ri[oa]|obligatoire|obbligatori[oa]|povinn[eéáý]|zorunlu)/iu

/** The same where that is denied, or depends on something else. */
const limited =
  /\b(?:not|non|no|nicht|kein|niet|ikke|nie|não|nao|optional)\b[^.]{0,24}(?:required|mandatory|pflicht|verplicht|p(?:å|aa)krevd|obligator|obrigat|obligatoire|obbligator)|\b(?:required|mandatory|verplicht|obligatorio|obligatoire|obbligatorio)\s+(?:if|when|where|only|unless|for|als|si|se|wenn|indien)\b|\bif required\b|\boptional\b/iu

interface Naming {
  readonly name: Pick<OperationName, 'intent' | 'verb' | 'owner'>
  /** What the operation acts on. */
  readonly noun: readonly string[]
}

/** An operation whose input is looked at. */
export interface Asking extends Naming {
  readonly operation: string
  readonly inputs: Inputs
  readonly message: Pick<SoapMessage, 'body'>
  /** Inputs that the path has, which are required there. */
  readonly given: readonly ScalarInput[]
}

/**
 * Members of an input that seem to be required although the XSD lets them be left out, as WSDLs made from code do with everything.
 * Nothing in the document changes: they are for a person to decide on.
 *
 * @returns a text of each: the operation or the type that has it, its name, and what says so
 */
export function seeminglyRequired(asking: Asking): string[] {
  const { operation, message, name, inputs } = asking
  const body = bodyIn(inputs)
  const { members, steps } = body
  const said = (holder: string, member: string, why: string | undefined): string[] =>
    why === undefined ? [] : [`${holder} ${member} (${why})`]
  const reasonOf = reasonsIn(body, asking)
  const own = optionalIn(members, asking).flatMap((input) =>
    said(operation, [...steps, input.name].join('/'), reasonOf(input)),
  )
  const objects = namesCount(members, name)
    ? members.others.flatMap(({ element: { name: written, member, minOccurs } }) =>
        said(
          operation,
          [...steps, member.name].join('/'),
          minOccurs === 0 ? whyNamed(written.localName, asking) : undefined,
        ),
      )
    : []
  const below = objectsIn(members).flatMap(({ holder, inputs: held }) => {
    const naming = namesCount(held, name) ? { name, noun: plainWords(holder) } : undefined
    return optionalIn(held, asking).flatMap((input) =>
      said(holder, input.name, whyDocumented(input) ?? (naming && whyReferring(input, naming))),
    )
  })
  const keys = optionalKeyMembers(message.body).flatMap(({ holder, name: member, kind }) =>
    said(holder, member, kind === 'key' ? 'xs:key has it' : 'xs:unique tells them apart by it'),
  )
  return [...own, ...objects, ...below, ...keys]
}

/** What the operation is asked with: the members of its input, or of the one object that is all of it. */
interface Body {
  readonly members: Inputs
  /** What leads to the object. */
  readonly steps: readonly string[]
}

function bodyIn(inputs: Inputs): Body {
  let members = inputs
  const steps: string[] = []
  for (;;) {
    const [only, ...others] = members.others
    if (!only || others.length + members.scalars.length > 0 || members.isOpen) return { members, steps }
    const { value, maxOccurs, member } = only.element
    const [object] = value.kind === 'object' && maxOccurs === 1 ? objectsIn(members) : []
    if (!object || steps.length > 2) return { members, steps }
    members = object.inputs
    steps.push(member.name)
  }
}

/** What says that members of what an operation is asked with are required. */
function reasonsIn(body: Body, asking: Asking): (input: ScalarInput) => string | undefined {
  const { members } = body
  const key = keyOfBody(body, asking)
  const isNamed = namesCount(members, asking.name)
  const only = isNamed ? onlyIn(members, (each) => identifies(each, asking)) : undefined
  return (input) =>
    whyDocumented(input) ??
    (input === key || isWhich(input, asking) ? 'it says which' : undefined) ??
    (isNamed ? whyReferring(input, asking) : undefined) ??
    (input === only ? 'the only identifier of its input' : undefined) ??
    (isNamed ? whyNamed(input.xmlName, asking) : undefined)
}

/** What may be left out by itself: a choice asks for one of several, and a default says what is meant then. */
function optionalIn({ scalars, object }: Inputs, { given }: Pick<Asking, 'given'>): ScalarInput[] {
  const preset = new Set(
    object.attributes.flatMap(({ member, default: value }) => (value === undefined ? [] : [member.name])),
  )
  return scalars.filter(
    ({ required, element, name, xmlName }) =>
      !required &&
      (element === undefined || (element.minOccurs === 0 && element.default === undefined)) &&
      !preset.has(name) &&
      !given.some((each) => each.xmlName === xmlName),
  )
}

function whyDocumented({ documentation = '' }: ScalarInput): string | undefined {
  return demanded.test(documentation) && !limited.test(documentation) ? 'its documentation' : undefined
}

/** What is changed or deleted must be named; what is saved without may be new, and a read may ask for all. */
function isWhich(input: ScalarInput, { name, noun }: Naming): boolean {
  if (!isWrite(name) || mayBeNew(name) || noun.length === 0) return false
  const stem = identified(input)
  if (stem === undefined || stem.length === 0) return false
  const placement = placementOf(stem, noun)
  return placement.kind === 'own' && placement.rest.length === 0
}

/** `UpdateOrder` with an order, which has an `id`. */
function keyOfBody({ members, steps }: Body, { name, given }: Asking): ScalarInput | undefined {
  const isChange = (name.intent === 'update' || name.intent === 'delete') && !mayBeNew(name)
  return isChange && steps.length > 0 && given.length === 0
    ? onlyIn(members, (each) => identified(each)?.length === 0)
    : undefined
}

function onlyIn({ scalars }: Inputs, isOne: (input: ScalarInput) => boolean): ScalarInput | undefined {
  const [only, ...others] = scalars.filter(isOne)
  return others.length === 0 ? only : undefined
}

/**
 * Its name says that it identifies something else, and its type that no text is none: whoever wrote that thought of it as given.
 */
function whyReferring(input: ScalarInput, naming: Naming): string | undefined {
  return input.element?.nillable !== true && refersToOther(input, naming) && takesNoEmptyText(input)
    ? 'an identifier whose type takes no empty text'
    : undefined
}

function whyNamed(xmlName: string, { name, noun }: Naming): string | undefined {
  const said = kebab(plainWords(xmlName))
  const isNamed = [noun, name.owner].some((words) => words.length > 0 && isAlike(said, kebab(words)))
  return isNamed ? 'the operation is named after it' : undefined
}

/**
 * Do names say what a write asks for? Where some members are required, whoever wrote the XSD has decided about the others; code
 * requires none.
 */
function namesCount({ scalars, others }: Inputs, name: Naming['name']): boolean {
  return isWrite(name) && [...scalars, ...others].every(({ required }) => !required)
}

function isWrite({ intent }: Naming['name']): boolean {
  return intent !== undefined && !isSafe(intent)
}

function mayBeNew({ intent, verb = '' }: Naming['name']): boolean {
  return intent === 'create' || saves.has(verb)
}

/** Those that callers give to their calls, and backends may do without. */
const calls = new Set(
  'request message correlation transaction conversation trace session batch client'.split(' '),
)

/** What may be new has no identifier yet; what a kind or a state is called is none. */
function identifies(input: ScalarInput, naming: Naming): boolean {
  if (isPersonNumber(input)) return true
  const stem = identified(input)
  if (stem === undefined || isLanguage(input)) return false
  const last = stem.at(-1) ?? ''
  if (references.has(last) || calls.has(last)) return false
  return !mayBeNew(naming.name) || refersToOther(input, naming)
}

function refersToOther(input: ScalarInput, { noun }: Pick<Naming, 'noun'>): boolean {
  const stem = identified(input)
  if (stem === undefined || stem.length === 0) return isComplete(input)
  return placementOf(stem, noun).kind === 'parent'
}

/** By a facet that the schema's author wrote: numbers and enumerations never take one. */
function takesNoEmptyText({ scalar: { type } }: ScalarInput): boolean {
  const isText = /^(?:string|normalizedString|token)$/.test(type.builtIn)
  return isText && type.facets.enumeration === undefined && compileFacets(type)('') !== undefined
}
