import { type ContentKind, contentKind } from '../../../openapi/media-type.js'
import type { OpenApiContent } from '../../../openapi/operations.js'
import { elementsOf, partsOf } from '../../canonical/content-walk.js'
import { isSwaRef } from '../../canonical/swa-ref.js'
import type { ContentMapping, ObjectMapping, ValueMapping } from '../../canonical/value-mapping.js'
import { TEXT_STEP } from '../../fit/member-spec.js'
import { asObject } from '../../fit/members.js'
import type { OperationJoin } from '../both-sides.js'

/** Does the type stand for bytes: xs:base64Binary, xs:hexBinary or wsi:swaRef? */
export function isBytes(value: ValueMapping | undefined): boolean {
  if (value?.kind !== 'scalar' || value.values || value.type.variety !== 'atomic') return false
  const { builtIn } = value.type
  return builtIn === 'base64Binary' || builtIn === 'hexBinary' || isSwaRef(value)
}

/** Does what is written of an object have a wsi:swaRef, whose bytes travel beside the envelope? */
export function hasSwaRef(object: ObjectMapping): boolean {
  const seen = new Set<ValueMapping>()
  const pending: ValueMapping[] = [object]
  const add = (content: ContentMapping | undefined): void => {
    for (const part of partsOf(content)) {
      if (part.kind === 'element' && (part.flattened || !part.member.hidden)) pending.push(part.value)
      else if (part.kind !== 'element' && part.kind !== 'any') part.particles.forEach(add)
    }
  }
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    if (seen.has(next)) continue
    seen.add(next)
    if (next.kind === 'scalar' && isSwaRef(next)) return true
    if (next.kind === 'object') {
      add(next.content)
      if (next.text) pending.push(next.text.value)
    } else if (next.kind === 'array') pending.push(next.item.value)
    else if (next.kind === 'polymorphic') pending.push(...next.alternatives.map(({ mapping }) => mapping))
  }
  return false
}

/** Goes on from an element to its text, where the bytes of it are meant. */
export function pathToBytes(object: ObjectMapping, path: readonly string[]): readonly string[] {
  let here: ObjectMapping | undefined = object
  let value: ValueMapping | undefined
  for (const step of path) {
    value = elementsOf(here?.content).find((element) => element.name.localName === step)?.value
    here = value && asObject(value)
  }
  return here?.text && isBytes(here.text.value) ? [...path, TEXT_STEP] : path
}

/** What the bodies of one side are; of several kinds only where that makes no difference. */
export function kindOf(
  content: readonly OpenApiContent[],
  { document, diagnostics }: OperationJoin,
): ContentKind | undefined {
  const [first, ...others] = content
  if (!first) return undefined
  const kind = contentKind(first.mediaType)
  const isPlain = (other: ContentKind): boolean => other === 'text' || other === 'bytes'
  for (const { mediaType, schema } of others) {
    const other = contentKind(mediaType)
    if (other === kind || (isPlain(kind) && isPlain(other))) continue
    diagnostics.error(
      'content-unmapped',
      `${mediaType} is read in another way than ${first.mediaType}: give it an operation of its own.`,
      document.locate(schema.pointer),
    )
  }
  return kind
}
