import type { SourceLocation } from '../../base/diagnostic/diagnostic.js'
import { clark } from '../../base/qname.js'
import type { ValueMapping } from '../../mapping/canonical/value-mapping.js'
import type { BodyMapping, OperationMapping } from '../../mapping/operation/mapping.js'
import type { SoapMessage } from '../../wsdl/model.js'
import type { ElementDeclaration } from '../../xsd/model/model.js'
import type { Difference } from './difference.js'
import type { Direction } from './effect.js'
import { compareElements } from './element.js'
import { unknownUse, type Use } from './use.js'
import type { FoundDifference, TypeWalk } from './walk.js'

/** The join of a contract's operation with each WSDL; nothing where there is no contract. */
export interface Mappings {
  readonly old?: OperationMapping | undefined
  readonly new?: OperationMapping | undefined
}

export interface MessageDifference extends FoundDifference {
  readonly direction: Direction
}

/** A message before and after. */
interface MessagePair {
  readonly direction: Direction
  readonly old: SoapMessage
  readonly next: SoapMessage
  readonly mappings: Mappings
}

/** Compares what two messages carry: elements of the body, header blocks, attachments. */
export function compareMessages(walk: TypeWalk, pair: MessagePair): readonly MessageDifference[] {
  const { direction, old, next } = pair
  const ends = { old: old.at, new: next.at }
  const found: FoundDifference[] = []
  if (old.use !== next.use) {
    found.push(plain({ effect: 'changed', aspect: 'wire', what: `the use ${old.use} became ${next.use}`, ...ends })) // prettier-ignore
  }
  found.push(...compareBodies(walk, pair))
  const headers = matched(
    old.headers.map(({ element }) => element),
    next.headers.map(({ element }) => element),
  )
  for (const [was, is] of headers)
    found.push(...compareLists(walk, { old: was, next: is, ends, what: 'the header block', use: unknownUse }))
  const [parts, others] = [attachmentsOf(old), attachmentsOf(next)]
  if (parts !== others) {
    const what = `the attachments ${parts} became ${others}`
    found.push(plain({ effect: 'changed', aspect: 'shape', what, ...ends }))
  }
  return found.map((each) => ({ ...each, direction }))
}

/** Compares the details of a fault of the same name. */
export function compareFaultDetails(
  walk: TypeWalk,
  old: ElementDeclaration,
  next: ElementDeclaration,
  use: Use,
): readonly MessageDifference[] {
  return compareLists(walk, { old, next, ends: { old: old.at, new: next.at }, what: 'the detail', use }).map(
    (each) => ({
      ...each,
      direction: 'response',
    }),
  )
}

function attachmentsOf({ attachments }: SoapMessage): string {
  return attachments.length === 0 ? '(none)' : attachments.map(({ part }) => part).join(', ')
}

function compareBodies(
  walk: TypeWalk,
  { direction, old, next, mappings }: MessagePair,
): readonly FoundDifference[] {
  const [was, is] = [bodyOf(mappings.old, direction), bodyOf(mappings.new, direction)]
  return matched(old.body, next.body).flatMap(([a, b]) => {
    const use = { old: a && valueOf(was, a), new: b && valueOf(is, b) }
    return compareLists(walk, {
      old: a,
      next: b,
      ends: { old: old.at, new: next.at },
      what: 'the element of the body',
      use,
    })
  })
}

function bodyOf(mapping: OperationMapping | undefined, direction: Direction): BodyMapping | undefined {
  return direction === 'request' ? mapping?.request.body : mapping?.response.body
}

/** The mapping of an element of the body: the wrapper is the object itself. */
function valueOf(body: BodyMapping | undefined, { name }: ElementDeclaration): ValueMapping | undefined {
  if (!body) return undefined
  if (body.wrapper) return body.object
  return valueAtTop(body, name.localName)
}

function valueAtTop({ object }: BodyMapping, localName: string): ValueMapping | undefined {
  const { content } = object
  if (!content || content.kind === 'any') return undefined
  if (content.kind === 'element') return content.name.localName === localName ? content.value : undefined
  for (const particle of content.particles) {
    if (particle.kind === 'element' && particle.name.localName === localName) return particle.value
  }
  return undefined
}

/** Elements of two lists by name, else by local name; the single element of each belong together whatever they are called. */
function matched(
  old: readonly ElementDeclaration[],
  next: readonly ElementDeclaration[],
): readonly (readonly [ElementDeclaration | undefined, ElementDeclaration | undefined])[] {
  const [only, ...more] = old
  const [other, ...others] = next
  if (only && other && more.length === 0 && others.length === 0) return [[only, other]]
  const free = new Set(next)
  const pairs = old.map((element): readonly [ElementDeclaration, ElementDeclaration | undefined] => {
    const candidates = [...free]
    const partner =
      candidates.find(({ name }) => clark(name) === clark(element.name)) ??
      candidates.find(({ name }) => name.localName === element.name.localName)
    if (partner) free.delete(partner)
    return [element, partner]
  })
  return [...pairs, ...[...free].map((element) => [undefined, element] as const)]
}

function compareLists(
  walk: TypeWalk,
  {
    old,
    next,
    ends,
    what,
    use,
  }: {
    readonly old: ElementDeclaration | undefined
    readonly next: ElementDeclaration | undefined
    readonly ends: { readonly old: SourceLocation; readonly new: SourceLocation }
    readonly what: string
    readonly use: Use
  },
): readonly FoundDifference[] {
  if (!old || !next) {
    const there = old ?? next
    if (!there) return []
    const name = there.name.localName
    return [
      old
        ? { path: name, use: unknownUse, difference: { step: '', effect: 'removed', aspect: 'presence', what: `${what} is removed`, old: old.at, new: ends.new } } // prettier-ignore
        : { path: name, use: unknownUse, difference: { step: '', effect: 'demanded', aspect: 'presence', what: `${what} is new`, old: ends.old, new: there.at } }, // prettier-ignore
    ]
  }
  const path = old.name.localName
  const found: FoundDifference[] = []
  if (clark(old.name) !== clark(next.name)) {
    found.push({
      path,
      use,
      difference: {
        step: '',
        effect: 'changed',
        aspect: 'wire',
        what: `${what} ${clark(old.name)} became ${clark(next.name)}`,
        old: old.at,
        new: next.at,
      },
    })
  }
  for (const difference of compareElements(old, next)) found.push({ path, use, difference })
  found.push(...walk.differences(old.type, next.type, path, use))
  return found
}

function plain(difference: Omit<Difference, 'step'>): FoundDifference {
  return { path: '', use: unknownUse, difference: { step: '', ...difference } }
}
