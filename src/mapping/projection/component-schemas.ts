import type { OpenApiObject } from '../../openapi/document.js'
import type { SimpleType } from '../../xsd/model/model.js'
import { schemaName } from '../canonical/member-names.js'
import type { Alternative, ValueMapping } from '../canonical/value-mapping.js'
import { ComponentNames } from './component-names.js'
import { RequestDifferences } from './request-differences.js'

export type Direction = 'request' | 'response'

/** What the schemas leave open, or close, that a person may know better. */
export type ProjectionRemark = 'local-times' | 'special-numbers' | 'ascii-digits' | 'nil-attributes'

/** What has a component. */
export type ComponentKey = SimpleType | ValueMapping | Alternative

interface ComponentRequest {
  /** What it stands for, the same whatever else there is. */
  readonly origin: string
  /** Names for it, the best first. */
  readonly names: readonly string[]
  readonly direction: Direction
  readonly build: (name: string) => OpenApiObject
}

/**
 * The component schemas of one WSDL: each is made once, and both directions have the same unless they differ in what may
 * be null. Then whichever comes first has the plain name, and the other says its direction: `PriceInput`, `PriceOutput`.
 */
export class ComponentSchemas {
  readonly #refs: Readonly<Record<Direction, Map<object, string>>> = {
    request: new Map(),
    response: new Map(),
  }
  readonly #differences = new RequestDifferences()
  readonly #pending: (() => void)[] = []
  readonly #made = new Map<string, OpenApiObject>()
  readonly #remarks = new Set<ProjectionRemark>()

  /**
   * @param names shared where several WSDLs make one document
   * @param owner goes before names that are taken: what the WSDL is about
   * @param scope tells its types from those of other WSDLs
   */
  constructor(
    private readonly names = new ComponentNames(),
    private readonly owner?: string,
    private readonly scope = '',
  ) {}

  /** What a person may want to decide otherwise. */
  get remarks(): ReadonlySet<ProjectionRemark> {
    return this.#remarks
  }

  remark(remark: ProjectionRemark): void {
    this.#remarks.add(remark)
  }

  /** A reference to the component of a value, which is made when all are asked for. */
  of(key: ComponentKey, { origin, names, direction, build }: ComponentRequest): OpenApiObject {
    const value = valueOf(key)
    const isOwn = value !== undefined && this.#differences.has(value)
    const refs = this.#refs[isOwn ? direction : 'response']
    let name = refs.get(key)
    if (name === undefined) {
      const suffix = direction === 'request' ? 'Input' : 'Output'
      const suffixed = isOwn && names[0] !== undefined ? [`${schemaName(names[0])}${suffix}`] : []
      name = this.#take(isOwn && direction === 'request' ? `input ${origin}` : origin, names, suffixed)
      refs.set(key, name)
      const taken = name
      this.#pending.push(() => this.#made.set(taken, build(taken)))
    }
    return { $ref: `#/components/schemas/${name}` }
  }

  /** Makes a schema a component of its own. */
  named(name: string, schema: OpenApiObject): OpenApiObject {
    const taken = this.#take(`for ${name}`, [name])
    this.#made.set(taken, schema)
    return { $ref: `#/components/schemas/${taken}` }
  }

  /** All that was referred to, by name. */
  all(): ReadonlyMap<string, OpenApiObject> {
    for (let next = this.#pending.shift(); next; next = this.#pending.shift()) next()
    return this.#made
  }

  #take(
    origin: string,
    [first = 'Schema', ...others]: readonly string[],
    suffixed: readonly string[] = [],
  ): string {
    const owned = this.owner === undefined ? [] : [`${this.owner}_${first}`]
    return this.names.take(`${this.scope} ${origin}`, first, ...suffixed, ...owned, ...others)
  }
}

function valueOf(key: ComponentKey): ValueMapping | undefined {
  if ('mapping' in key) return key.mapping
  return key.kind === 'simpleType' ? undefined : key
}
