import { clark } from '../../base/qname.js'
import { anyType } from '../../xsd/model/built-in-types.js'
import type { ComplexType, SchemaSet, XsdType } from '../../xsd/model/model.js'
import { compareAttributes } from './attributes.js'
import { compareContent } from './content-model.js'
import { contentTree } from './content-tree.js'
import type { Comparison, Difference, TypePair } from './difference.js'
import { compareSimpleTypes } from './simple-type.js'

/** The schemas of both WSDLs. */
export interface Schemas {
  readonly old: SchemaSet
  readonly new: SchemaSet
}

/** Compares two types by what they allow, whatever they are called; one level deep, so that recursive types end. */
export function compareTypes(old: XsdType, next: XsdType, schemas: Schemas): Comparison {
  if (old.kind === 'simpleType' && next.kind === 'simpleType') {
    return { differences: compareSimpleTypes(old, next), pairs: [] }
  }
  const [was, is] = [asComplex(old), asComplex(next)]
  const attributes = compareAttributes(was, is)
  const content = compareContents(was, is, schemas)
  const derived = compareDerived(was, is, schemas)
  return {
    differences: [
      ...compareKinds(was, is),
      ...content.differences,
      ...attributes.differences,
      ...derived.differences,
    ],
    pairs: [...content.pairs, ...attributes.pairs, ...derived.pairs],
  }
}

type Shape = Pick<ComplexType, 'name' | 'abstract' | 'attributes' | 'attributeWildcard' | 'content' | 'at'>

/** A simple type allows what simple content without attributes does. */
function asComplex(type: XsdType): Shape {
  if (type.kind === 'complexType') return type
  return { abstract: false, attributes: [], content: { kind: 'simple', type }, at: type.at }
}

function compareKinds(old: Shape, next: Shape): readonly Difference[] {
  const at = { step: '', aspect: 'shape' as const, old: old.at, new: next.at }
  const found: Difference[] = []
  if (old.abstract !== next.abstract) {
    const what = next.abstract ? 'its type is abstract, it was not' : 'its type is not abstract, it was'
    found.push({ ...at, effect: next.abstract ? 'narrowed' : 'widened', what })
  }
  const [was, is] = [kindOf(old), kindOf(next)]
  if (
    was === is ||
    (was === 'no content' && is === 'elements') ||
    (was === 'elements' && is === 'no content')
  )
    return found
  found.push({ ...at, effect: 'changed', what: `it holds ${is}, it was ${was}` })
  return found
}

function kindOf({ content }: Shape): string {
  if (content.kind === 'empty') return 'no content'
  if (content.kind === 'simple') return 'a text'
  return content.mixed ? 'text among elements' : 'elements'
}

function compareContents(old: Shape, next: Shape, schemas: Schemas): Comparison {
  if (old.content.kind === 'simple' && next.content.kind === 'simple') {
    return { differences: compareSimpleTypes(old.content.type, next.content.type), pairs: [] }
  }
  if (old.content.kind === 'simple' || next.content.kind === 'simple') return { differences: [], pairs: [] }
  return compareContent(
    contentTree(old.content, old.at, schemas.old),
    contentTree(next.content, next.at, schemas.new),
    { old: old.at, new: next.at },
  )
}

/** Compares the types that xsi:type may name. */
function compareDerived(old: Shape, next: Shape, schemas: Schemas): Comparison {
  const [was, is] = [derivedFrom(old, schemas.old), derivedFrom(next, schemas.new)]
  const differences: Difference[] = []
  const pairs: TypePair[] = []
  for (const [name, type] of was) {
    const partner = is.get(name)
    const step = `(${name})`
    if (partner) pairs.push({ step, old: type, new: partner })
    else {
      const what = 'this type may not stand here any more'
      differences.push({ step, effect: 'narrowed', aspect: 'shape', what, old: type.at, new: next.at })
    }
  }
  for (const [name, type] of is) {
    if (was.has(name)) continue
    const what = 'this type may stand here, told by xsi:type'
    differences.push({
      step: `(${name})`,
      effect: 'alternative',
      aspect: 'shape',
      what,
      old: old.at,
      new: type.at,
    })
  }
  return { differences, pairs }
}

function derivedFrom({ name }: Shape, schemas: SchemaSet): ReadonlyMap<string, ComplexType> {
  if (!name || (anyType.name && clark(name) === clark(anyType.name))) return new Map()
  const derived = schemas.derivedTypes.get(clark(name)) ?? []
  return new Map(
    derived
      .filter((type): type is ComplexType => type.kind === 'complexType' && !type.abstract)
      .map((type) => [type.name?.localName ?? '', type]),
  )
}
