import { type Diagnostics, type SourceLocation } from '../base/diagnostic.js'
import { type Located, type OpenApiDocument } from '../openapi/document.js'
import { isNamed, type OpenApiOperation, type OpenApiParameter } from '../openapi/operations.js'
import { join } from '../openapi/pointer.js'
import { type OperationAnnotation } from './annotation.js'
import { bodyOf } from './body.js'
import { type CanonicalMappings } from './canonical.js'
import { type MemberSpec } from './member-spec.js'
import { parseSource, type Source } from './expression.js'
import { ContractFitting } from './fit.js'
import { type Fitting } from './fitting.js'
import { fitMembers } from './fit-members.js'
import { type RequestMapping, type RequestMember } from './operation-mapping.js'
import { type SoapMessage } from '../wsdl/model.js'
import { compileFacets } from '../xsd/facets.js'
import { type ContentMapping, type ObjectMapping, partsOf, type ValueMapping } from './value-mapping.js'

type Draft = Omit<RequestMember, 'value' | 'repeated'>
interface Drafted {
  readonly spec: MemberSpec
  readonly draft: Draft
}

/** Maps parameters, body and constants onto the input message: docs/annotation.md, "Targets" and "Sources". */
export function mapRequest(
  document: OpenApiDocument,
  operation: OpenApiOperation,
  annotation: OperationAnnotation,
  message: SoapMessage,
  canonical: CanonicalMappings,
  diagnostics: Diagnostics,
): RequestMapping {
  const fitting = new ContractFitting(document, 'request', diagnostics)
  const sources = new Sources(document, operation, annotation, fitting)
  const drafts = [...sources.written(), ...sources.parametersByName(), ...sources.bodyByName()]
  const { wrapper, object } = bodyOf(message, canonical)
  const place = { at: document.locate(operation.pointer), certain: true }
  const fitted = fitMembers(
    fitting,
    object,
    drafts.map(({ spec }) => spec),
    place,
  )
  const targets = targetsByKey(fitted)
  for (const { spec, draft } of drafts) checkConstant(fitting, spec, draft, targets.get(draft.key)?.value)
  const minProperties = sources.minProperties()
  const beside = drafts.filter(({ draft }) => draft.source.kind !== 'body').length
  return {
    body: {
      wrapper,
      object: { ...fitted, ...(minProperties > 0 && { minMembers: minProperties + beside }) },
    },
    members: drafts.flatMap(({ draft }) => {
      const target = targets.get(draft.key)
      return target ? [{ ...draft, ...target }] : []
    }),
  }
}

/** What is constant can be judged once: a constant or a default that its type cannot hold would fail every request. */
function checkConstant(
  fitting: Fitting,
  spec: MemberSpec,
  draft: Draft,
  value: ValueMapping | undefined,
): void {
  const at = fitting.document.locate(spec.schema.pointer)
  if (draft.source.kind === 'constant' && value && value.kind !== 'scalar' && value.kind !== 'array') {
    fitting.diagnostics.error(
      'request-source',
      `${spec.name} has members of its own; a constant cannot be its value.`,
      at,
    )
  }
  if (value?.kind !== 'scalar' || value.values || value.form === 'list') return
  const constant = draft.source.kind === 'constant' ? draft.source.value : draft.default
  if (typeof constant !== 'string' && typeof constant !== 'number' && typeof constant !== 'boolean') return
  const rule = compileFacets(value.type)(String(constant))
  if (rule === undefined) return
  const what =
    draft.source.kind === 'constant' ? `The constant for ${spec.name}` : `The default of ${spec.name}`
  fitting.diagnostics.error(
    'request-source',
    `${what} ${rule}.`,
    fitting.document.locate(spec.schema.pointer),
    [{ message: 'the XSD type', at: value.type.at }],
  )
}

class Sources {
  readonly #used = new Set<OpenApiParameter>()
  #wholeBody = false
  readonly #bodySchema: Located | undefined

  constructor(
    readonly document: OpenApiDocument,
    readonly operation: OpenApiOperation,
    readonly annotation: OperationAnnotation,
    readonly fitting: Fitting,
  ) {
    this.#bodySchema = operation.requestBody?.content[0]?.schema
  }

  minProperties(): number {
    const minimum = this.#bodySchema && this.fitting.view(this.#bodySchema).keywords.minProperties
    return typeof minimum === 'number' ? minimum : 0
  }

  /** The entries of `x-soap.request`. */
  written(): Drafted[] {
    return Object.entries(this.annotation.request).flatMap(([target, written]) => {
      const pointer = join(this.annotation.pointer, 'request', target)
      const source = parseSource(written)
      const path = target.split('/').filter((step) => step !== '')
      if (!source || source.kind === 'response' || path.length === 0) {
        this.#error(
          pointer,
          `${target} needs a source: $request.path.…, $request.query.…, $request.header.…, $request.body#/… or a constant.`,
        )
        return []
      }
      return this.#draft(target, path, source, pointer)
    })
  }

  #draft(target: string, path: readonly string[], source: Source, pointer: string): Drafted[] {
    if (source.kind === 'parameter') {
      const parameter = this.operation.parameters.find((p) => p.in === source.in && isNamed(p, source.name))
      if (!parameter) {
        this.#error(pointer, `The operation has no ${source.in} parameter ${source.name}.`)
        return []
      }
      this.#used.add(parameter)
      return [this.#parameter(parameter, path)]
    }
    if (source.kind === 'constant') return [this.#constant(target, path, source, pointer)]
    if (source.kind === 'body') return this.#bodyPart(path, source.steps, pointer)
    return []
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
    const taken = new Set(this.#pointed)
    const certain = this.operation.requestBody?.required === true
    return this.fitting
      .specs(view)
      .filter((spec) => !taken.has(spec.name))
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

  readonly #pointed: string[] = []

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

  #constant(target: string, path: readonly string[], source: Source, pointer: string): Drafted {
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
    else if (steps[0] !== undefined) this.#pointed.push(steps[0])
    const key = `body#/${steps.join('/')}`
    return [
      {
        spec: { name: key, key, schema, view: this.fitting.view(schema), required, path },
        draft: { key, source: { kind: 'body', steps }, default: undefined, explode: false },
      },
    ]
  }

  #error(pointer: string, message: string): void {
    this.fitting.diagnostics.error('request-source', message, this.#locate(pointer))
  }

  #locate(pointer: string): SourceLocation {
    return this.document.locate(pointer)
  }
}

/** Where each key of the assembled object ended up. */
function targetsByKey(object: ObjectMapping): Map<string, { value: ValueMapping; repeated: boolean }> {
  const targets = new Map<string, { value: ValueMapping; repeated: boolean }>()
  const pending = [object]
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    for (const attribute of next.attributes) {
      if (!attribute.member.hidden)
        targets.set(attribute.member.name, { value: attribute.value, repeated: false })
    }
    if (next.text && !next.text.member.hidden)
      targets.set(next.text.member.name, { value: next.text.value, repeated: false })
    for (const part of partsOf(next.content)) {
      const { member } = part
      if (part.kind === 'element' && part.flattened && part.value.kind === 'object') pending.push(part.value)
      else if (member && !member.hidden)
        targets.set(member.name, { value: valueOf(part, next), repeated: part.maxOccurs > 1 })
    }
  }
  return targets
}

function valueOf(part: ContentMapping, parent: ObjectMapping): ValueMapping {
  if (part.kind === 'element') return part.value
  if (part.kind === 'any') return { kind: 'xml', type: parent.type }
  return { kind: 'object', type: parent.type, attributes: [], content: part }
}
