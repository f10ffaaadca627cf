import type { SourceLocation } from '../../base/diagnostic/diagnostic.js'
import { anyType } from './built-in-types.js'
import type { ComplexType, ModelGroup, Particle } from './model.js'

/** An anonymous complex type that no schema defines: one group of elements, or nothing. */
export function madeType(
  kind: ModelGroup['kind'],
  particles: readonly Particle[],
  at: SourceLocation,
): ComplexType {
  return {
    kind: 'complexType',
    abstract: false,
    derivation: 'restriction',
    base: anyType,
    attributes: [],
    content:
      particles.length === 0
        ? { kind: 'empty' }
        : {
            kind: 'elements',
            mixed: false,
            particle: { minOccurs: 1, maxOccurs: 1, term: { kind, particles, at } },
          },
    at,
  }
}
