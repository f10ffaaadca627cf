import type { SourceEntry } from '../../../annotation/sources/source.js'
import type { Located } from '../../../openapi/document.js'
import type { OpenApiParameter } from '../../../openapi/operations.js'
import type { Fitting } from '../../fit/fitting.js'
import type { MemberSpec } from '../../fit/member-spec.js'
import type { OperationJoin } from '../both-sides.js'
import type { RequestMember } from '../mapping.js'
import { resolveSource } from '../resolve-source.js'
import type { Source } from '../source.js'

/** A member of the assembled object that has no place in the XML yet. */
export type Draft = Omit<RequestMember, 'value' | 'repeated'>

export interface Drafted {
  readonly spec: MemberSpec
  readonly draft: Draft
}

/** What a message is assembled from: the entries of the annotation, then what follows from the names. */
export class RequestSources {
  readonly #used = new Set<OpenApiParameter>()
  #wholeBody = false
  readonly #bodySchema: Located | undefined

  constructor(
    readonly join: OperationJoin,
    readonly fitting: Fitting,
  ) {
    this.#bodySchema = join.rest.requestBody?.content[0]?.schema
  }

  minProperties(): number {
    const minimum = this.#bodySchema && this.fitting.view(this.#bodySchema).keywords.minProperties
    return typeof minimum === 'number' ? minimum : 0
  }

  /** One entry of the annotation. @param path the steps of its target in what is made */
  entry(entry: SourceEntry, path = entry.path): Drafted[] {
    const { target, pointer } = entry
    const resolved = resolveSource(this.join, this.fitting, entry, 'request-source')
    if (!resolved) return []
    const { source, parameter, schema, required } = resolved
    if (parameter) {
      this.#used.add(parameter)
      return [this.#parameter(parameter, path)]
    }
    if (source.kind !== 'body' || !schema) return [this.#unschemed(target, path, source, pointer)]
    if (source.steps.length === 0) this.#wholeBody = true
    else this.#pointed.push(source.steps)
    const key = `body#/${source.steps.join('/')}`
    return [
      {
        spec: { name: key, key, schema, view: this.fitting.view(schema), required, path },
        draft: { key, source, default: undefined, explode: false },
      },
    ]
  }

  parametersByName(): Drafted[] {
    return this.join.rest.parameters
      .filter((parameter) => !this.#used.has(parameter))
      .map((parameter) => this.#parameter(parameter, undefined))
  }

  /** The members of the body, unless the body goes somewhere as a whole. */
  bodyByName(): Drafted[] {
    if (this.#wholeBody || !this.#bodySchema) return []
    const view = this.fitting.view(this.#bodySchema)
    if (view.types.size > 0 && !view.types.has('object')) {
      this.#error(
        this.#bodySchema.pointer,
        'The body is not an object: say where it goes, with a target for $request.body.',
      )
      return []
    }
    const certain = this.join.rest.requestBody?.required === true
    return this.fitting
      .specs(view)
      .filter((spec) => !this.#isPointed(spec, []))
      .map((spec) => ({
        spec: { ...spec, required: spec.required && certain },
        draft: {
          key: spec.name,
          source: { kind: 'body', steps: [spec.name] },
          default: undefined,
          explode: false,
        },
      }))
  }

  /** Is the member, or all that it holds, given a target by the annotation? What it leaves over is reported. */
  #isPointed(spec: MemberSpec, parents: readonly string[]): boolean {
    const here = [...parents, spec.name]
    const below = this.#pointed.filter((steps) => here.every((step, index) => steps[index] === step))
    if (below.length === 0) return false
    if (below.some((steps) => steps.length === here.length)) return true
    for (const inner of this.fitting.specs(spec.view)) {
      if (this.#isPointed(inner, here)) continue
      this.#error(
        inner.schema.pointer,
        `The body's member /${[...here, inner.name].join('/')} goes nowhere, since others of /${here.join('/')} have targets: give it one too.`,
      )
    }
    return true
  }

  readonly #pointed: (readonly string[])[] = []

  #parameter(parameter: OpenApiParameter, path: readonly string[] | undefined): Drafted {
    const view = this.fitting.view(parameter.schema)
    const key = `${parameter.in}.${parameter.name}`
    const source: Source = {
      kind: 'parameter',
      in: parameter.in,
      name: parameter.in === 'header' ? parameter.name.toLowerCase() : parameter.name,
    }
    return {
      spec: {
        name: parameter.name,
        key,
        schema: parameter.schema,
        view,
        required: parameter.required,
        ...(path && { path }),
      },
      draft: { key, source, default: view.keywords.default, explode: parameter.explode },
    }
  }

  /** A source that no schema of the contract describes. */
  #unschemed(target: string, path: readonly string[], source: Source, pointer: string): Drafted {
    const schema = { value: {}, pointer }
    const key = `=${target}`
    return {
      spec: { name: target, key, schema, view: this.fitting.view(schema), required: true, path },
      draft: { key, source, default: undefined, explode: false },
    }
  }

  #error(pointer: string, message: string): void {
    this.fitting.diagnostics.error('request-source', message, this.join.document.locate(pointer))
  }
}
