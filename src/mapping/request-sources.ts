import { type OpenApiDocument, type Located } from '../openapi/document.js'
import { isNamed, type OpenApiOperation, type OpenApiParameter } from '../openapi/operations.js'
import { type Environment, expand } from './environment.js'
import { parseSource, type Source } from './expression.js'
import { type Fitting } from './fitting.js'
import { type MemberSpec } from './member-spec.js'
import { type RequestMember } from './operation-mapping.js'

/** A member of the assembled object that has no place in the XML yet. */
export type Draft = Omit<RequestMember, 'value' | 'repeated'>

export interface Drafted {
  readonly spec: MemberSpec
  readonly draft: Draft
}

type Constant = string | number | boolean

const sourcesInWords =
  '$request.path.…, $request.query.…, $request.header.…, $request.body#/…, $request.id, $identity.…, $session.token or a constant'

/** What a message is assembled from: the entries of the annotation, then what follows from the names. */
export class RequestSources {
  readonly #used = new Set<OpenApiParameter>()
  #wholeBody = false
  readonly #bodySchema: Located | undefined

  constructor(
    readonly document: OpenApiDocument,
    readonly operation: OpenApiOperation,
    readonly fitting: Fitting,
    readonly env: Environment,
  ) {
    this.#bodySchema = operation.requestBody?.content[0]?.schema
  }

  minProperties(): number {
    const minimum = this.#bodySchema && this.fitting.view(this.#bodySchema).keywords.minProperties
    return typeof minimum === 'number' ? minimum : 0
  }

  /**
   * One entry of the annotation.
   *
   * @param path the steps of its target
   * @param pointer where it is written
   */
  entry(target: string, path: readonly string[], written: unknown, pointer: string): Drafted[] {
    const source = parseSource(written)
    if (!source || source.kind === 'response' || path.length === 0) {
      this.#error(pointer, `${target} needs a source: ${sourcesInWords}.`)
      return []
    }
    switch (source.kind) {
      case 'parameter': {
        const { in: place, name } = source
        const parameter = this.operation.parameters.find((p) => p.in === place && isNamed(p, name))
        if (parameter) {
          this.#used.add(parameter)
          return [this.#parameter(parameter, path)]
        }
        this.#error(pointer, `The operation has no ${place} parameter ${name}.`)
        return []
      }
      case 'body':
        return this.#bodyPart(path, source.steps, pointer)
      case 'constant':
        return this.#constant(target, path, source.value, pointer)
      default:
        return [this.#unschemed(target, path, source, pointer)]
    }
  }

  parametersByName(): Drafted[] {
    return this.operation.parameters
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
        'The body is no object: say where it goes, with a target for $request.body.',
      )
      return []
    }
    const certain = this.operation.requestBody?.required === true
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

  #constant(target: string, path: readonly string[], value: Constant, pointer: string): Drafted[] {
    const at = this.document.locate(pointer)
    const expanded = typeof value === 'string' ? expand(value, this.env, at, this.fitting.diagnostics) : value
    if (expanded === undefined) return []
    return [this.#unschemed(target, path, { kind: 'constant', value: expanded }, pointer)]
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

  #bodyPart(path: readonly string[], steps: readonly string[], pointer: string): Drafted[] {
    const body = this.operation.requestBody
    let schema = this.#bodySchema
    let required = body?.required === true
    for (const step of steps) {
      const view = schema && this.fitting.view(schema)
      required &&= view?.required.has(step) === true
      schema = view?.properties.get(step)
    }
    if (!schema) {
      this.#error(
        pointer,
        steps.length === 0
          ? 'The operation has no request body.'
          : `The body's schema has no /${steps.join('/')}.`,
      )
      return []
    }
    if (steps.length === 0) this.#wholeBody = true
    else this.#pointed.push(steps)
    const key = `body#/${steps.join('/')}`
    return [
      {
        spec: { name: key, key, schema, view: this.fitting.view(schema), required, path },
        draft: { key, source: { kind: 'body', steps }, default: undefined, explode: false },
      },
    ]
  }

  #error(pointer: string, message: string): void {
    this.fitting.diagnostics.error('request-source', message, this.document.locate(pointer))
  }
}
