import type { Diagnostics } from '../base/diagnostic/diagnostic.js'
import { isObject, type Located, type OpenApiDocument } from './document.js'
import type { OpenApiOperation, OpenApiResponse } from './operations.js'
import { join, steps } from './pointer.js'
import { type SchemaView, viewSchema } from './schema-view.js'

/** A runtime expression that points into the body of the response (OpenAPI 3.1, section 4.8.20.4). */
export const BODY_EXPRESSION = '$response.body#'
/** A runtime expression that names a parameter of the request. */
export const REQUEST_EXPRESSION = /^\$request\.(path|query|header)\.(.+)$/
/** Others that have a value, though nothing can be said of it before there is a request. */
const OTHER_EXPRESSION =
  /^\$(?:url|method|statusCode|request\.body(?:#.*)?|response\.(?:body|header\.[^\s.]+))$/

/** The schema of the JSON that a response has as its body. */
export function jsonSchemaOf({ content }: OpenApiResponse): Located | undefined {
  return content.find(({ mediaType }) => /[/+]json\b/i.test(mediaType))?.schema
}

/** A member of an object, or of the first of its kinds that has it. */
export function memberOf(document: OpenApiDocument, view: SchemaView, name: string): Located | undefined {
  const kinds = view.alternatives.map((schema) => viewSchema(document, schema))
  return [view, ...kinds].map(({ properties }) => properties.get(name)).find((member) => member !== undefined)
}

/** Reports links of responses that lead nowhere: clients, and the fields that GraphQL makes of them, would fail or be missing. */
export function checkLinks(
  document: OpenApiDocument,
  operations: readonly OpenApiOperation[],
  diagnostics: Diagnostics,
): void {
  const byId = new Map(operations.map((operation) => [operation.operationId, operation]))
  for (const operation of operations) {
    for (const response of operation.responses) {
      const links = document.at(join(response.pointer, 'links'))
      for (const name of links && isObject(links.value) ? Object.keys(links.value) : []) {
        const link = links && document.member(links, name)
        if (!link || !isObject(link.value) || link.value.operationId === undefined) continue
        const { operationId } = link.value
        const report = (problem: string, pointer = link.pointer): void => {
          diagnostics.warning('link-unresolved', `The link ${name}: ${problem}`, document.locate(pointer))
        }
        const target = typeof operationId === 'string' ? byId.get(operationId) : undefined
        if (!target) report(`no operation has the operationId ${JSON.stringify(operationId)}.`)
        else checkParameters(document, link, { operation, response, target, report })
      }
    }
  }
}

function checkParameters(
  document: OpenApiDocument,
  link: Located,
  {
    operation,
    response,
    target,
    report,
  }: {
    readonly operation: OpenApiOperation
    readonly response: OpenApiResponse
    readonly target: OpenApiOperation
    readonly report: (problem: string, pointer?: string) => void
  },
): void {
  const parameters = document.member(link, 'parameters')
  if (!parameters || !isObject(parameters.value)) return
  for (const [name, value] of Object.entries(parameters.value)) {
    const pointer = join(parameters.pointer, name)
    if (!has(target, name)) report(`${target.operationId} has no parameter ${name}.`, pointer)
    if (typeof value !== 'string' || !value.startsWith('$')) continue
    const [, place, asked = ''] = REQUEST_EXPRESSION.exec(value) ?? []
    if (place !== undefined) {
      if (!has(operation, `${place}.${asked}`))
        report(`${value} – ${operation.operationId} has no such parameter.`, pointer)
    } else if (value.startsWith(BODY_EXPRESSION)) {
      const missing = missingIn(document, response, steps(value.slice(BODY_EXPRESSION.length)))
      if (missing !== undefined) report(`${value} – the response has no ${missing}.`, pointer)
    } else if (!OTHER_EXPRESSION.test(value)) {
      report(
        `${value} is no runtime expression; expected ${BODY_EXPRESSION}/member or $request.path.name.`,
        pointer,
      )
    }
  }
}

/** @param name `accountId`, or with its place, `path.accountId` */
function has({ parameters }: OpenApiOperation, name: string): boolean {
  const same = (one: string, other: string, place: string): boolean =>
    place === 'header' ? one.toLowerCase() === other.toLowerCase() : one === other
  return parameters.some(
    (parameter) =>
      same(parameter.name, name, parameter.in) ||
      (name.startsWith(`${parameter.in}.`) &&
        same(parameter.name, name.slice(parameter.in.length + 1), parameter.in)),
  )
}

/** @returns the first step that the schema of the body does not have; undefined where it has all, or does not say */
function missingIn(
  document: OpenApiDocument,
  response: OpenApiResponse,
  path: readonly string[],
): string | undefined {
  let schema = jsonSchemaOf(response)
  for (const step of path) {
    if (!schema) return undefined
    const view = viewSchema(document, schema)
    if (view.items && /^\d+$/.test(step)) {
      schema = view.items
      continue
    }
    const member = memberOf(document, view, step)
    const isOpen = view.properties.size === 0 && view.alternatives.length === 0 && !view.items
    if (!member && isOpen) return undefined
    if (!member) return `member ${step}`
    schema = member
  }
  return undefined
}
