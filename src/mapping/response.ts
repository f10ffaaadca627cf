import { type Diagnostics } from '../base/diagnostic.js'
import { isObject, type OpenApiDocument } from '../openapi/document.js'
import { isNamed, type OpenApiOperation, type OpenApiResponse } from '../openapi/operations.js'
import { join } from '../openapi/pointer.js'
import { type SchemaView } from '../openapi/schema-view.js'
import { type SoapMessage } from '../wsdl/model.js'
import { type OperationAnnotation } from './annotation.js'
import { bodyOf } from './body.js'
import { type CanonicalMappings } from './canonical.js'
import { type MemberSpec } from './member-spec.js'
import { parseTemplate } from './expression.js'
import { ContractFitting } from './fit.js'
import { type Fitting } from './fitting.js'
import { asObject, fitMembers } from './fit-members.js'
import { type ResponseMapping } from './operation-mapping.js'
import { type ElementMapping, elementsOf, type ObjectMapping } from './value-mapping.js'

const selected = 'body'

/** Maps the output message onto the one success response: docs/annotation.md, "response" and "Success". */
export function mapResponse(
  document: OpenApiDocument,
  operation: OpenApiOperation,
  annotation: OperationAnnotation,
  message: SoapMessage | undefined,
  canonical: CanonicalMappings,
  diagnostics: Diagnostics,
): ResponseMapping {
  const response = successOf(document, operation, diagnostics)
  const content = response?.content[0]
  const status = Number(response?.status ?? 200)
  const fitting = new ContractFitting(document, 'response', diagnostics)
  const headers = response ? headersOf(document, operation, response, fitting) : []
  const at = document.locate(content?.schema.pointer ?? response?.pointer ?? operation.pointer)
  if (!message) {
    if (content) {
      diagnostics.error(
        'one-way-content',
        `${annotation.operation} is one-way: its response is 202 without content.`,
        at,
      )
    }
    return { status, mediaType: undefined, body: undefined, selected: undefined, headers }
  }
  const { wrapper, object } = bodyOf(message, canonical)
  const place = { at, certain: true }
  const path = annotation.response.split('/').filter((step) => step !== '')
  let specs: readonly MemberSpec[] = []
  const { element, lost } = followPath(object, path)
  if (lost !== undefined) {
    const where = document.locate(join(annotation.pointer, 'response'))
    const message = `The path ${annotation.response} cannot be followed: ${lost}.`
    diagnostics.error('response-path', message, where, [{ message: 'the XSD type', at: object.type.at }])
  } else if (content && path.length > 0) {
    const view = fitting.view(content.schema)
    // An absent list is an empty one.
    const isList = element?.maxOccurs === 1 && element.value.kind === 'array'
    specs = [{ name: selected, schema: content.schema, view, required: isList, path }]
  } else if (content) {
    const view = fitting.view(content.schema)
    if (
      fitting.expectType(
        view,
        'object',
        object.type.at,
        'it is the content of the output element; name a part of it with x-soap: { response: /… }',
      )
    ) {
      specs = fitting.specs(view)
    }
  }
  const fitted = fitMembers(fitting, object, specs, place)
  if (content && path.length > 0 && lost === undefined) checkAbsence(document, operation, fitted, diagnostics)
  return {
    status,
    mediaType: content?.mediaType,
    body: { wrapper, object: fitted },
    selected: content && path.length > 0 ? selected : undefined,
    headers,
  }
}

/** Where a path leads: to an element, to the object itself, or nowhere and why. */
function followPath(
  object: ObjectMapping,
  path: readonly string[],
): { readonly element?: ElementMapping; readonly lost?: string } {
  let here: ObjectMapping | undefined = object
  let element: ElementMapping | undefined
  for (const step of path) {
    if (element && element.maxOccurs > 1) return { lost: `${element.name.localName} repeats` }
    const elements: ElementMapping[] = [...elementsOf(here?.content)]
    element = elements.find((candidate) => candidate.name.localName === step)
    if (!element) {
      const names = elements.map((candidate) => candidate.name.localName)
      return { lost: `there is no ${step}; there is ${names.join(', ') || 'nothing'}` }
    }
    here = asObject(element.value)
  }
  return element ? { element } : {}
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
): void {
  const element = optionalOnTheWay(object, true)
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
  document: OpenApiDocument,
  operation: OpenApiOperation,
  response: OpenApiResponse,
  fitting: Fitting,
): ResponseMapping['headers'] {
  const content = response.content[0]
  const body = content && fitting.view(content.schema)
  return response.headers.flatMap(({ name, annotation, pointer }) => {
    if (annotation === undefined) return []
    const template = typeof annotation === 'string' ? parseTemplate(annotation) : undefined
    const problem = template
      ? unknownSource(operation, template, body, fitting)
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

function unknownSource(
  operation: OpenApiOperation,
  template: NonNullable<ReturnType<typeof parseTemplate>>,
  body: SchemaView | undefined,
  fitting: Fitting,
): string | undefined {
  for (const part of template) {
    if (typeof part === 'string' || part.kind === 'constant') continue
    if (part.kind === 'parameter') {
      const known = operation.parameters.some((p) => p.in === part.in && isNamed(p, part.name))
      if (!known) return `the operation has no ${part.in} parameter ${part.name}`
      continue
    }
    if (part.kind === 'body') return 'it may use $response.body, not $request.body'
    let view = body
    for (const step of part.steps) {
      const property = view?.properties.get(step)
      if (!property || !view?.required.has(step))
        return `the response body has no required member /${part.steps.join('/')}`
      view = fitting.view(property)
    }
    if (isObject(view) && (view.types.has('object') || view.types.has('array')))
      return `/${part.steps.join('/')} is no scalar`
  }
  return undefined
}
