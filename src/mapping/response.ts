import { type Diagnostics } from '../base/diagnostic.js'
import { nearest } from '../base/did-you-mean.js'
import { type OpenApiDocument } from '../openapi/document.js'
import { type ContentKind } from '../openapi/media-type.js'
import {
  isNamed,
  type OpenApiContent,
  type OpenApiOperation,
  type OpenApiResponse,
} from '../openapi/operations.js'
import { join } from '../openapi/pointer.js'
import { type SchemaView } from '../openapi/schema-view.js'
import { partNamed, splitMembers } from './attachments.js'
import { bodyOf } from './body.js'
import { type MemberSpec, TEXT_STEP } from './member-spec.js'
import { parseTemplate, type Template } from './expression.js'
import { ContractFitting } from './fit.js'
import { type Fitting } from './fitting.js'
import { asObject, fitMembers } from './fit-members.js'
import { mapBlocks } from './headers.js'
import { isOctets, kindOf, pathToOctets } from './octets.js'
import { type OperationJoin } from './operation-join.js'
import {
  type AttachedMember,
  type BlockMapping,
  type ResponseForm,
  type ResponseMapping,
} from './operation-mapping.js'
import { unknownScalar } from './scalar-path.js'
import { type ElementMapping, elementsOf, type ObjectMapping, type ValueMapping } from './value-mapping.js'

const selected = 'body'

/** The member of the answer's object that names the media type of its octets. */
export const MEDIA_TYPE = 'mediaType'

/** Maps the output message onto the one success response: docs/annotation.md, "response" and "Success". */
export function mapResponse(both: OperationJoin): ResponseMapping {
  const { document, rest: operation, annotation, backend, soap, diagnostics } = both
  const { output: message } = soap
  const response = successOf(document, operation, diagnostics)
  const content = response?.content[0]
  const status = Number(response?.status ?? 200)
  const fitting = new ContractFitting(document, 'response', diagnostics)
  const blocks = mapBlocks(both)
  const headers = response ? headersOf(both, response, blocks, fitting) : []
  const at = document.locate(content?.schema.pointer ?? response?.pointer ?? operation.pointer)
  if (!message) {
    if (content) {
      diagnostics.error(
        'one-way-content',
        `${annotation.operation} is one-way: its response is 202 without content.`,
        at,
      )
    }
    const nothing = { mediaType: undefined, body: undefined, selected: undefined, attached: [], blocks: [] }
    return { status, form: 'json', headers, ...nothing }
  }
  const { wrapper, object } = bodyOf(message, backend.canonical)
  const place = { at, certain: true }
  const steps = annotation.response.split('/').filter((step) => step !== '')
  const kind = kindOf(response?.content ?? [], both)
  const part = steps.length === 1 ? partNamed(message.attachments, steps[0] ?? '') : undefined
  if (content && part && kind !== 'json') {
    const fitted = fitMembers(fitting, object, mediaTypeSpec(both, fitting, object), place)
    const selection = { form: 'octets' as const, part, selected: part.part, attached: [] }
    return {
      status,
      mediaType: content.mediaType,
      body: { wrapper, object: fitted },
      ...selection,
      headers,
      blocks,
    }
  }
  const path = kind === 'json' ? steps : pathToOctets(object, steps)
  let specs: readonly MemberSpec[] = []
  let attached: readonly AttachedMember[] = []
  let form: ResponseForm = 'json'
  const { element, value, lost } = followPath(object, path)
  if (lost !== undefined) {
    const where = document.locate(join(annotation.pointer, 'response'))
    const message = `The path ${annotation.response} cannot be followed: ${lost}.`
    diagnostics.error('response-path', message, where, [{ message: 'the XSD type', at: object.type.at }])
  } else if (content && path.length > 0) {
    const view = fitting.view(content.schema)
    form = formOf(both, content, kind, value)
    const isPlain = form !== 'json'
    // An absent list is an empty one.
    const isList = element?.maxOccurs === 1 && element.value.kind === 'array'
    // Octets and plain text have no null: what is nil is not there.
    const spec = { name: selected, schema: content.schema, view, required: isList, path }
    specs = [isPlain ? { ...spec, view: { ...view, nullable: true } } : spec]
    if (isPlain) specs = [...specs, ...mediaTypeSpec(both, fitting, object)]
  } else if (content) {
    const view = fitting.view(content.schema)
    if (kind !== 'json') formOf(both, content, kind, undefined)
    else if (
      fitting.expectType(
        view,
        'object',
        object.type.at,
        'it is the content of the output element; name a part of it with x-soap: { response: /… }',
      )
    ) {
      const split = splitMembers(both, fitting.specs(view), fitting)
      specs = split.inBody
      attached = split.attached
    }
  }
  const fitted = fitMembers(fitting, object, specs, place)
  const isNilAbsent = form !== 'json' && element?.nillable === true
  if (content && path.length > 0 && lost === undefined) {
    checkAbsence(document, operation, fitted, diagnostics, isNilAbsent ? element.name.localName : undefined)
  }
  return {
    status,
    mediaType: content?.mediaType,
    form,
    attached,
    body: { wrapper, object: fitted },
    selected: content && path.length > 0 ? selected : undefined,
    headers,
    blocks,
  }
}

/** What is not JSON is one value: octets as they are, or a text. */
function formOf(
  { document, diagnostics }: OperationJoin,
  { mediaType, schema }: OpenApiContent,
  kind: ContentKind | undefined,
  value: ValueMapping | undefined,
): ResponseForm {
  if (kind === undefined || kind === 'json') return 'json'
  if (isOctets(value)) return 'octets'
  const isText = (value?.kind === 'scalar' && value.form === 'string') || value?.kind === 'xml'
  if (isText && kind === 'text') return 'text'
  diagnostics.error(
    'content-unmapped',
    `A body of ${mediaType} must come from one xs:base64Binary, xs:hexBinary, wsi:swaRef or attachment${kind === 'text' ? ', or from a text' : ''}: name it with x-soap.response.`,
    document.locate(schema.pointer),
  )
  return 'json'
}

/** The member that says what the octets are: docs/annotation.md, `mediaType`. */
function mediaTypeSpec(
  { document, annotation, diagnostics }: OperationJoin,
  fitting: Fitting,
  object: ObjectMapping,
): MemberSpec[] {
  if (annotation.mediaType === undefined) return []
  const pointer = join(annotation.pointer, 'mediaType')
  const path = annotation.mediaType.split('/').filter((step) => step !== '')
  const { lost } = followPath(
    object,
    path.filter((step) => !step.startsWith('@')),
  )
  if (lost !== undefined || path.length === 0) {
    const message = `The path ${annotation.mediaType} cannot be followed: ${lost ?? 'it is empty'}.`
    diagnostics.error('response-path', message, document.locate(pointer))
    return []
  }
  const schema = { value: { type: ['string', 'null'] }, pointer }
  return [{ name: MEDIA_TYPE, schema, view: fitting.view(schema), required: false, path }]
}

/** Where a path leads: to an element, to the object itself, or nowhere and why. */
function followPath(
  object: ObjectMapping,
  path: readonly string[],
): { readonly element?: ElementMapping; readonly value?: ValueMapping; readonly lost?: string } {
  let here: ObjectMapping | undefined = object
  let element: ElementMapping | undefined
  for (const step of path) {
    if (step === TEXT_STEP && element && here?.text) return { element, value: here.text.value }
    if (element && element.maxOccurs > 1) return { lost: `${element.name.localName} repeats` }
    const elements: ElementMapping[] = [...elementsOf(here?.content)]
    element = elements.find((candidate) => candidate.name.localName === step)
    if (!element) {
      const names = elements.map((candidate) => candidate.name.localName)
      const meant = nearest(step, names)
      const hint = meant === undefined ? '' : ` (did you mean ${meant}?)`
      return { lost: `there is no ${step}${hint}; there is ${names.join(', ') || 'nothing'}` }
    }
    here = asObject(element.value)
  }
  return element ? { element, value: element.value } : {}
}

function successOf(
  document: OpenApiDocument,
  operation: OpenApiOperation,
  diagnostics: Diagnostics,
): OpenApiResponse | undefined {
  const successes = operation.responses.filter((response) => /^2\d\d$/.test(response.status))
  if (successes.length !== 1) {
    diagnostics.error(
      'response-success',
      `${operation.operationId} must declare exactly one 2xx response; it declares ${successes.length}.`,
      document.locate(join(operation.pointer, 'responses')),
    )
  }
  return successes[0]
}

/** What may be absent is answered with 404, so the contract must say so. */
function checkAbsence(
  document: OpenApiDocument,
  operation: OpenApiOperation,
  object: ObjectMapping,
  diagnostics: Diagnostics,
  nilElement: string | undefined,
): void {
  const element = optionalOnTheWay(object, true) ?? nilElement
  if (!element || operation.responses.some((response) => response.status === '404')) return
  diagnostics.error(
    'response-absent',
    `The element ${element} may be absent, which is answered with 404: declare a 404 response.`,
    document.locate(operation.pointer),
  )
}

function optionalOnTheWay(object: ObjectMapping, certain: boolean): string | undefined {
  for (const element of elementsOf(object.content)) {
    if (element.member.hidden) continue
    const sure = certain && element.minOccurs > 0
    if (element.flattened && element.value.kind === 'object') return optionalOnTheWay(element.value, sure)
    if (element.maxOccurs > 1) return undefined
    return sure || element.value.kind === 'array' ? undefined : element.name.localName
  }
  return undefined
}

function headersOf(
  { document, rest }: OperationJoin,
  response: OpenApiResponse,
  blocks: readonly BlockMapping[],
  fitting: Fitting,
): ResponseMapping['headers'] {
  const content = response.content[0]
  const body = content && fitting.view(content.schema)
  return response.headers.flatMap(({ name, annotation, pointer }) => {
    if (annotation === undefined) return []
    const template = typeof annotation === 'string' ? parseTemplate(annotation) : undefined
    const problem = template
      ? (unsendable(template) ?? unknownSource(rest, template, body, blocks, fitting))
      : 'it must be a text with expressions in braces'
    if (template && problem === undefined) return [{ name, template }]
    fitting.diagnostics.error(
      'header-template',
      `The header ${name} cannot be made: ${problem ?? ''}.`,
      document.locate(join(pointer, 'x-soap')),
    )
    return []
  })
}

/** What no header field can have (RFC 9110, section 5.5). */
function unsendable(template: Template): string | undefined {
  const texts = template.filter((part) => typeof part === 'string')
  return texts.some((text) => /[^\t\x20-\x7e\x80-\xff]/.test(text))
    ? 'its text has characters that no header field can have'
    : undefined
}

function unknownSource(
  operation: OpenApiOperation,
  template: Template,
  body: SchemaView | undefined,
  blocks: readonly BlockMapping[],
  fitting: Fitting,
): string | undefined {
  for (const part of template) {
    if (typeof part === 'string') continue
    const problem =
      part.kind === 'parameter'
        ? unknownParameter(operation, part.in, part.name)
        : part.kind !== 'response'
          ? 'it may use $request.path, $request.query, $request.header, $response.body and $response.soapHeader'
          : part.part === 'body'
            ? unknownMember(body, part.steps, fitting)
            : unknownScalar(blocks, part.steps, 'the header of the answer')
    if (problem !== undefined) return problem
  }
  return undefined
}

function unknownParameter(operation: OpenApiOperation, place: string, name: string): string | undefined {
  if (operation.parameters.some((p) => p.in === place && isNamed(p, name))) return undefined
  return `the operation has no ${place} parameter ${name}`
}

function unknownMember(
  body: SchemaView | undefined,
  steps: readonly string[],
  fitting: Fitting,
): string | undefined {
  let view = body
  for (const step of steps) {
    const property = view?.properties.get(step)
    if (!property || !view?.required.has(step)) {
      return `the response body has no required member /${steps.join('/')}`
    }
    view = fitting.view(property)
  }
  const isScalar = view && !view.types.has('object') && !view.types.has('array')
  return isScalar ? undefined : `/${steps.join('/')} is no scalar`
}
