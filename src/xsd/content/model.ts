import type { Wildcard } from '../model/model.js'

/** A content model with nothing but what decides which of its particles a child element belongs to. */
export type ContentModel<S> = ModelLeaf<S> | ModelGroup<S>

interface ModelParticle<S> {
  readonly minOccurs: number
  /** `Infinity` for unbounded. */
  readonly maxOccurs: number
  /** What the particle was made from. */
  readonly source: S
}

export interface ModelLeaf<S> extends ModelParticle<S> {
  readonly kind: 'leaf'
  /** Of the elements that it takes, in Clark notation; or the namespaces of a wildcard. */
  readonly names: readonly string[] | Wildcard['namespaces']
}

export interface ModelGroup<S> extends ModelParticle<S> {
  readonly kind: 'sequence' | 'choice' | 'all'
  readonly parts: readonly ContentModel<S>[]
}

export function isWildcard<S>(leaf: ModelLeaf<S>): leaf is ModelLeaf<S> & { names: Wildcard['namespaces'] } {
  return 'kind' in leaf.names
}

/** Of a name in Clark notation; '' for none. */
export function namespaceOf(name: string): string {
  return name.startsWith('{') ? name.slice(1, name.indexOf('}')) : ''
}

/** Can a particle match nothing at all? */
export function isNullable<S>(model: ContentModel<S>): boolean {
  if (model.minOccurs === 0) return true
  if (model.kind === 'leaf') return false
  return model.kind === 'choice' ? model.parts.some(isNullable) : model.parts.every(isNullable)
}
