import { isWholeState } from '../grammar/noun-phrases.js'
import { identified } from '../inputs/identifiers.js'
import { isSecret } from '../inputs/secrets.js'
import { kebab } from '../words/names.js'
import { isPlural } from '../words/nouns.js'
import { type Anchor, anchorOf, ownerOf, withoutOwner } from './anchors.js'
import { linkRoutes } from './links.js'
import type { Method, Route } from './route.js'
import { plural, type Subject } from './subject.js'

export function createRoutes(subject: Subject, noun: readonly string[]): Route[] {
  const { name, inputs, resources } = subject
  const collection = plural(noun, subject)
  const post = (...segments: Route['segments'][number][]): Route => ({ method: 'post', segments, query: [] })
  if (name.isBatch || (isPlural(noun.at(-1) ?? '') && resources.of(noun)?.isCreatedAlone === true))
    return [post(collection, 'batch')]
  const links = linkRoutes(subject, noun)
  if (links.length > 0) return links
  const own = anchorOf(subject, noun, { optionalsToo: false })
  // Who books a cash book makes none: the verb is done to what its identifier names.
  const isDone =
    own?.isOwn === true &&
    own.rest.length === 0 &&
    inputs.scalars.length === own.taken.length &&
    inputs.others.length === 0
  if (isDone && !/^(?:create|add|insert|new|register)$/.test(name.verb ?? '') && !inputs.isOpen) return []
  const anchor = anchorOf(subject, noun, { optionalsToo: false, isNew: true })
  const parents = inputs.scalars.filter((each) => each.required && (identified(each)?.length ?? 0) > 0)
  const belongs =
    anchor &&
    ((anchor.isOwn && anchor.rest.length > 0) ||
      (!anchor.isOwn &&
        (parents.length === 1 ||
          anchor.taken.some((id) => startsWith(name.qualifier, identified(id) ?? [])))))
  if (anchor && belongs) return [post(...anchor.segments, plural(anchor.rest, subject)), post(collection)]
  return inputs.scalars.length + inputs.others.length === 0 && !inputs.isOpen && noun.length === 0
    ? []
    : [post(collection)]
}

function startsWith(words: readonly string[], start: readonly string[]): boolean {
  return kebab(start) !== '' && kebab(words).startsWith(kebab(start))
}

export function updateRoutes(subject: Subject, noun: readonly string[]): Route[] {
  const { inputs, name, resources } = subject
  if (name.isBatch)
    return [{ method: 'post', segments: [plural(noun, subject), 'batch', name.verb ?? 'update'], query: [] }]
  const links = linkRoutes(subject, noun)
  if (links.length > 0) return links
  const state = name.state.length > 0 && !isWholeState(name) ? [kebab(name.state)] : []
  const owner = ownerOf(subject, noun)
  const anchor = anchorOf(subject, noun, { optionalsToo: true })
  const rest = owner ? withoutOwner(noun, name.owner) : (anchor?.rest ?? [])
  const base = owner ?? anchor
  if (!base) {
    const known = resources.of(noun)
    if (
      known?.isCollection === true &&
      !known.isCreatedAlone &&
      saves.has(name.verb ?? '') &&
      state.length === 0 &&
      inputs.others.length > 0
    )
      return [{ method: 'post', segments: [plural(noun, subject)], query: [], decision: SAVED }]
    if (!known?.isOne || known.isCollection) return []
    return [{ method: 'put', segments: [kebab(noun), ...state], query: [] }]
  }
  const left = inputs.scalars.filter((scalar) => !base.taken.includes(scalar))
  if (left.length + inputs.others.length === 0 && !inputs.isOpen) return []
  const isPartial =
    !inputs.isOpen &&
    left.every(({ required }) => !required) &&
    inputs.others.every(({ required }) => !required)
  const end = rest.length === 0 ? [] : [kebab(rest)]
  const methods: Method[] = isPartial && inputs.others.length !== 1 ? ['patch', 'put'] : ['put', 'patch']
  return methods.map((method) => ({ method, segments: [...base.segments, ...end, ...state], query: [] }))
}

export function deleteRoutes(subject: Subject, noun: readonly string[]): Route[] {
  const { inputs, name } = subject
  if (name.isBatch)
    return [{ method: 'post', segments: [plural(noun, subject), 'batch', name.verb ?? 'delete'], query: [] }]
  const links = linkRoutes(subject, noun)
  if (links.length > 0) return links
  const owner = ownerOf(subject, noun)
  const anchor = anchorOf(subject, noun, { optionalsToo: true })
  const base = owner ?? anchor ?? oneOf(subject, noun)
  if (!base || inputs.others.length > 0 || inputs.isOpen) return []
  const left = inputs.scalars.filter((scalar) => !base.taken.includes(scalar))
  const isPure = deletions.has(name.verb ?? '')
  const isOnlyOne = !owner && !anchor
  if (isOnlyOne && !isPure) return []
  if (
    !isOnlyOne &&
    left.length > 0 &&
    (!isPure || left.some((scalar) => scalar.required || scalar.repeated || isSecret(scalar)))
  )
    return []
  const rest = owner ? withoutOwner(noun, name.owner) : (anchor?.rest ?? [])
  const end = rest.length === 0 ? [] : [kebab(rest)]
  return [{ method: 'delete', segments: [...base.segments, ...end], query: left }]
}

const SAVED =
  'POST to the collection for what is made or changed, whichever it is, since nothing outside of it says which one; say PUT and its identifier in import.yaml where that is known'

/** What is new or not, whichever it is. */
export const saves = new Set(
  'save store set put upsert write guardar salvar lagre speichere speichern uloz ulozit kaydet opslaan enregistrer salva bewaar'.split(
    ' ',
  ),
)

/** The thing of which there is one, read and deleted at one path: `DELETE /consent`. */
function oneOf(
  { resources, inputs }: Subject,
  noun: readonly string[],
): Pick<Anchor, 'segments' | 'taken' | 'rest'> | undefined {
  const known = resources.of(noun)
  if (!known?.isOne || known.isCollection || inputs.scalars.some(isSecret)) return undefined
  return { segments: [kebab(noun)], taken: [], rest: [] }
}

/** What is gone afterwards; `cancel` and `close` with a reason are things that are done to it. */
const deletions = new Set(
  'delete remove erase drop purge destroy del slett eliminar supprimer loeschen verwijder elimina smaz sil'.split(
    ' ',
  ),
)
