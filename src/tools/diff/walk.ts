import type { XsdType } from '../../xsd/model/model.js'
import type { Comparison, Difference, TypePair } from './difference.js'
import { compareTypes, type Schemas } from './type.js'
import { type Use, useAt } from './use.js'

/** A difference below the element that a walk began at. */
export interface FoundDifference {
  readonly path: string
  readonly difference: Difference
  /** What the contract does with the value that the difference is about, or in. */
  readonly use: Use
}

interface Visit extends TypePair {
  readonly use: Use
}

/** Walks two graphs of types in step. A pair of types is compared once, however often it is met. */
export class TypeWalk {
  readonly #compared = new Map<XsdType, Map<XsdType, Comparison>>()
  readonly #numbers = new Map<object, number>()

  constructor(private readonly schemas: Schemas) {}

  /**
   * Compares two types and all that they hold. Each pair that holds others, and that the contract uses in the same way,
   * is visited once, on the shortest path to it: recursive types end.
   *
   * @param path of the element of the types
   */
  differences(old: XsdType, next: XsdType, path: string, use: Use): readonly FoundDifference[] {
    const found: FoundDifference[] = []
    const seen = new Set<string>()
    let visits: Visit[] = [{ step: path, old, new: next, use }]
    while (visits.length > 0) {
      const following: Visit[] = []
      for (const visit of visits) {
        const { differences, pairs } = this.#compare(visit.old, visit.new)
        const key = this.#key(visit)
        if (pairs.length > 0 && seen.has(key)) continue
        seen.add(key)
        for (const difference of differences) {
          found.push({ path: join(visit.step, difference.step), difference, use: visit.use })
        }
        for (const pair of pairs) {
          following.push({ ...pair, step: join(visit.step, pair.step), use: useAt(visit.use, pair.step) })
        }
      }
      visits = following
    }
    return found
  }

  #compare(old: XsdType, next: XsdType): Comparison {
    let known = this.#compared.get(old)
    if (!known) this.#compared.set(old, (known = new Map<XsdType, Comparison>()))
    let comparison = known.get(next)
    if (!comparison) known.set(next, (comparison = compareTypes(old, next, this.schemas)))
    return comparison
  }

  #key({ old, new: next, use }: Visit): string {
    const numbers = [old, next, use.old, use.new].map((each) => (each ? this.#number(each) : 0))
    return `${numbers.join(' ')} ${String(use.isLeftOut)}`
  }

  #number(object: object): number {
    let number = this.#numbers.get(object)
    if (number === undefined) this.#numbers.set(object, (number = this.#numbers.size + 1))
    return number
  }
}

function join(path: string, step: string): string {
  if (step === '') return path
  return step.startsWith('(') || path === '' ? `${path}${step}` : `${path}/${step}`
}
