import type { OperationName } from '../grammar/operation-name.js'
import { fitsPath, identified, isNumbered, isVague } from '../inputs/identifiers.js'
import { flatten, type Inputs, type ScalarInput } from '../inputs/inputs.js'
import { kebab, plainWords } from '../words/names.js'
import { isNoNoun } from '../words/non-nouns.js'
import { isAlike, isPlural, pluralOf, singularOf } from '../words/nouns.js'
import { makesItself } from '../words/products.js'
import { isWrite, verbOf } from '../words/verbs.js'

/** What is known of an operation before paths are chosen. */
export interface Evidence {
  readonly name: OperationName
  readonly inputs: Inputs
  readonly returnsList: boolean
}

/** One thing that a service is about, seen from all operations together. */
export interface Resource {
  /** There are several of them: its paths are those of a collection. */
  readonly isCollection: boolean
  /** There is one, as far as its reads tell: none of them asks which. */
  readonly isOne: boolean
  /** Names of inputs that reads take for its identifier. */
  readonly keys: ReadonlySet<string>
  /** Names of inputs that say that they are its identifier: `orderId`. */
  readonly ids: ReadonlySet<string>
  readonly operations: number
  /** An operation makes one of them, by its singular. */
  readonly isCreatedAlone: boolean
}

/**
 * The things that a service is about, from the names and shapes of its operations: what is listed, created or read by a key
 * is a collection, what is read without any input is one of its kind. All operations of a thing get paths that agree.
 */
export class Resources {
  readonly #known = new Map<
    string,
    { -readonly [K in keyof Resource]: Resource[K] } & { keys: Set<string>; ids: Set<string> }
  >()

  /** Plurals that a service in another language has itself, by what stands before their endings. */
  readonly #forms: readonly (readonly string[])[]
  readonly #mentioned = new Set<string>()
  /** Inputs that name a thing, by it. */
  readonly #ids = new Map<string, Set<string>>()

  /** Things of two words and more that have an identifier, by their initials. */
  readonly #initials = new Map<string, readonly string[]>()

  readonly #service: readonly string[]

  /** @param service what the service is about */
  constructor(evidence: readonly Evidence[], service: readonly string[]) {
    this.#service = service
    this.#forms = evidence.flatMap(({ name: { intent, noun }, returnsList }) =>
      noun.length > 0 &&
      (intent === 'search' || (intent === 'read' && returnsList && /[aeo]s$/.test(noun.at(-1) ?? '')))
        ? [noun]
        : [],
    )
    for (const each of evidence) this.#mention(each)
    for (const each of evidence) this.#add(each)
  }

  /**
   * What an operation acts on: its noun, or what its input is called, or what its only identifier names, or what the service is
   * about, where anything else in it says that this is a thing and not just a name.
   */
  nounOf(name: OperationName, inputs: Inputs): readonly string[] {
    const { verb, intent, owner, isMany, tail, state } = name
    const noun = name.noun.flatMap((word) => this.#wordsOf(word))
    if (noun.length > 0) return noun
    const isThing = this.isMentioned(this.#service)
    if (intent === 'read' || intent === 'search')
      return isThing || (verb !== 'query' && (isMany || tail.length > 0 || state.length > 0))
        ? this.#service
        : []
    if (intent === undefined || owner.length > 0) return []
    const thing = thingIn(name, inputs)
    if (thing.length > 0) return thing
    if (intent !== 'action' && intent !== 'check' && isThing) return this.#service
    const [only, ...more] = inputs.scalars.flatMap((each) => {
      const stem = each.required ? identified({ ...each, repeated: false }) : undefined
      return stem && stem.length > 0 ? [stem] : []
    })
    return only && more.length === 0 && intent !== 'create' ? only : []
  }

  /** `AP` is an access point, where the service has its identifier. */
  #wordsOf(word: string): readonly string[] {
    const initials = word.length > 2 ? word.replace(/s$/, '') : word
    const thing = this.#initials.get(initials)
    if (!thing || verbOf(word) || isNoNoun(word)) return [word]
    return word === initials ? thing : [...thing.slice(0, -1), pluralOf(thing.at(-1) ?? '')]
  }

  /** Does any name or element speak of it, beside names that have no noun at all? */
  isMentioned(noun: readonly string[]): boolean {
    return this.#mentioned.has(keyOf(noun))
  }

  /** The form of a noun that the service itself has for several: `facturas` for `factura`, where it lists them. */
  formOf(noun: readonly string[]): readonly string[] {
    const last = noun.at(-1) ?? ''
    const form = this.#forms.find(
      (each) =>
        each.length === noun.length &&
        each.slice(0, -1).every((word, index) => word === noun[index]) &&
        isAlike(each.at(-1) ?? '', last),
    )
    return form ?? noun
  }

  of(noun: readonly string[]): Resource | undefined {
    return this.#known.get(keyOf(noun))
  }

  /** The resource with several operations that a noun is a part or a kind of: `account` for `account balance`. */
  rootOf(noun: readonly string[]): readonly string[] | undefined {
    for (let length = noun.length; length > 0; length--) {
      for (const part of [noun.slice(0, length), noun.slice(-length)])
        if ((this.of(part)?.operations ?? 0) > 1) return part
    }
    return undefined
  }

  #mention({ name, inputs }: Evidence): void {
    for (let length = 1; length <= name.noun.length; length++)
      this.#mentioned.add(keyOf(name.noun.slice(0, length)))
    const thing = name.noun.length === 0 ? thingIn(name, inputs) : []
    if (thing.length > 0) this.#mentioned.add(keyOf(thing))
    for (const { element } of inputs.others) this.#mentioned.add(keyOf(plainWords(element.name.localName)))
    for (const input of inputs.scalars) {
      const stem = identified(input) ?? []
      if (stem.length === 0) continue
      this.#mentioned.add(keyOf(stem))
      if (stem.length > 1) this.#initials.set(stem.map((word) => word.charAt(0)).join(''), stem)
      this.#ids.set(keyOf(stem), (this.#ids.get(keyOf(stem)) ?? new Set()).add(input.xmlName))
    }
  }

  #add({ name, inputs, returnsList }: Evidence): void {
    const noun = this.nounOf(name, inputs)
    if (noun.length === 0) return
    const key = keyOf(noun)
    const known = this.#known.get(key) ?? {
      isCollection: false,
      isOne: false,
      keys: new Set<string>(),
      ids: this.#ids.get(key) ?? new Set<string>(),
      operations: 0,
      isCreatedAlone: false,
    }
    this.#known.set(key, known)
    known.operations++
    if (name.intent === 'create' && !name.isBatch && !isPlural(noun.at(-1) ?? '')) known.isCreatedAlone = true
    const isMany = name.isMany || name.intent === 'search' || isPlural(noun.at(-1) ?? '')
    const flat = flatten(inputs)
    const scalars = flat?.scalars ?? []
    const ids = inputs.scalars.filter((scalar) => isKeyOf(scalar, noun))
    if (isMany || returnsList || name.intent === 'create' || ids.length > 0) known.isCollection = true
    if (name.intent === 'read' && !isMany && !returnsList) {
      const [only, ...more] = scalars
      if (flat && only && more.length === 0 && fitsPath(only) && !isVague(only)) {
        known.keys.add(only.xmlName)
        if (identified(only) === undefined || isKeyOf(only, noun)) known.isCollection = true
      }
      if (flat && name.owner.length === 0 && (!only || more.length > 0 || isVague(only))) known.isOne = true
    }
  }
}

/** Say of an input that it is one, or nothing. */
const formal = new Set(
  (
    'request req rq input in parameters parameter params param message msg body payload data info information details dto type object ' +
    'entity record item value values list array arg args argument options query filter criteria xml document content operation response ' +
    'context header headers credentials auth settings config session'
  ).split(' '),
)

/** `Submit` with a claim, `Issue` with the element `RequestSecurityToken`: the input says what the name does not. */
function thingIn(
  { verb = '', words }: OperationName,
  { others, path, element = '' }: Inputs,
): readonly string[] {
  if (makesItself(verb)) return []
  const [only, ...more] = others
  const held = path.at(-1) ?? (more.length === 0 ? only?.element.name.localName : undefined)
  const isOwn = kebab(informal(plainWords(element))) === kebab(informal(words))
  for (const name of [held, isOwn ? undefined : element]) {
    if (name === undefined || isNumbered(name)) continue
    const said = informal(plainWords(name)).filter((word) => !verb.split('-').includes(word))
    const isThing = said.every((word) => /^[a-z]{3,}$/.test(word) && !isNoNoun(word) && !isWrite(word))
    // What is done goes by no name of its own: `nullify` with a `nullification`.
    if (said.length > 0 && isThing && !said[0]?.startsWith(verb.slice(0, 4))) return said
  }
  return []
}

function informal(words: readonly string[]): readonly string[] {
  return words.filter((word) => !formal.has(word))
}

function isKeyOf(input: ScalarInput, noun: readonly string[]): boolean {
  const stem = identified(input)
  return stem !== undefined && stem.length > 0 && keyOf(stem) === keyOf(noun)
}

function keyOf(noun: readonly string[]): string {
  return kebab([...noun.slice(0, -1), singularOf(noun.at(-1) ?? '')])
}
