import type { Change, PollAnnotation } from '../../../annotation/operation/webhook.js'
import type { SourceLocation } from '../../../base/diagnostic/diagnostic.js'
import { didYouMean } from '../../../base/diagnostic/did-you-mean.js'
import type { Located } from '../../../openapi/document.js'
import { join } from '../../../openapi/pointer.js'
import { type SchemaView, viewSchema } from '../../../openapi/schema-view.js'
import type { OpenApiWebhook } from '../../../openapi/webhooks.js'
import type { OperationMapping } from '../mapping.js'
import { combinations, isSelected } from '../selection.js'
import type { WebhookContext } from './context.js'

/** Events that are found by asking for a list again and again. */
export interface PolledWebhook {
  readonly kind: 'poll'
  /** The type of its events. */
  readonly name: string
  /** All of which whoever gets them must have. */
  readonly scopes: readonly string[]
  readonly operationId: string
  readonly everyMs: number
  readonly parameters: Readonly<Record<string, string>>
  /** Members, from the response to the list. */
  readonly items: readonly string[]
  /** Members of an item. */
  readonly id: readonly string[]
  /** What tells that an item has changed; the whole of it where there is none. */
  readonly version: readonly string[] | undefined
  readonly order: readonly string[] | undefined
  readonly cursor: { readonly parameter: string; readonly value: readonly string[] } | undefined
  readonly changes: readonly Change[]
  readonly at: SourceLocation
}

/** Maps a webhook whose events are polled; what does not fit the operation is reported. */
export function mapPolled(
  context: WebhookContext,
  webhook: OpenApiWebhook,
  annotation: PollAnnotation,
): PolledWebhook | undefined {
  const { document, operations } = context
  const report = (key: string, message: string): void => {
    context.diagnostics.error('webhook-poll', message, document.locate(join(annotation.pointer, key)))
  }
  const reads = operations.filter(({ rest }) => rest.method === 'get')
  const served = reads.filter(({ rest }) => rest.operationId === annotation.operation)
  if (served.length === 0) {
    const names = reads.map(({ rest }) => rest.operationId)
    const hint = didYouMean(annotation.operation, names)
    report('operation', `operation must be the operationId of a GET operation of the contract.${hint}`)
    return undefined
  }
  const given = new Set([...Object.keys(annotation.parameters), annotation.cursor?.parameter])
  const operation = served.find(
    ({ selection }) => !selection || isSelected(selection, (name) => given.has(`query.${name}`)),
  )
  if (!operation) {
    const message = `${annotation.operation} has alternatives, of which these parameters choose none: ${combinations(served)}.`
    report('parameters', message)
    return undefined
  }
  checkParameters(annotation, operation, report)
  const item = itemOf(context, operation, annotation, report)
  const { id, version, order, cursor } = annotation
  for (const path of [id, version, order, cursor?.value]) {
    if (!path || !item) continue
    const lost = follow(context, item, path.steps).lost
    if (lost !== undefined) {
      const message = `The pointer ${path.written} leads nowhere in an item: ${lost}.`
      context.diagnostics.error('webhook-poll', message, document.locate(path.pointer))
    }
  }
  const { pointer } = viewSchema(document, webhook.schema)
  if (item && item.pointer !== pointer) {
    context.diagnostics.error(
      'webhook-schema',
      `The events of ${webhook.name} are items of ${annotation.operation}: their schema must be the same, by $ref.`,
      document.locate(webhook.schema.pointer),
      [{ message: 'the schema of an item', at: document.locate(item.pointer) }],
    )
  }
  return {
    kind: 'poll',
    name: webhook.name,
    scopes: annotation.scopes,
    operationId: annotation.operation,
    everyMs: annotation.everyMs,
    parameters: annotation.parameters,
    items: annotation.items.steps,
    id: id.steps,
    version: version?.steps,
    order: order?.steps,
    cursor: cursor && { parameter: cursor.parameter, value: cursor.value.steps },
    changes: annotation.changes,
    at: document.locate(webhook.pointer),
  }
}

type Report = (key: string, message: string) => void

function checkParameters(
  { parameters, cursor }: PollAnnotation,
  { rest }: OperationMapping,
  report: Report,
): void {
  const known = rest.parameters.map((parameter) => `${parameter.in}.${parameter.name}`)
  for (const name of Object.keys(parameters)) {
    if (!known.includes(name))
      report(`parameters/${name}`, `${rest.operationId} has no ${name}.${didYouMean(name, known)}`)
  }
  if (cursor && !known.includes(cursor.parameter)) {
    const hint = didYouMean(cursor.parameter, known)
    report('cursor', `The parameter of cursor must be one of ${rest.operationId}, such as query.from.${hint}`)
  }
  for (const parameter of rest.parameters) {
    const name = `${parameter.in}.${parameter.name}`
    if (parameter.required && !(name in parameters)) {
      report('parameters', `${rest.operationId} needs ${name}: give it a constant in parameters.`)
    }
  }
}

function itemOf(
  context: WebhookContext,
  { rest }: OperationMapping,
  { items }: PollAnnotation,
  report: Report,
): SchemaView | undefined {
  const success = rest.responses.find(({ status }) => /^2\d\d$/.test(status))
  const schema = success?.content[0]?.schema
  if (!schema) return undefined
  const { view, lost } = follow(context, viewSchema(context.document, schema), items.steps)
  if (view?.items) return viewSchema(context.document, view.items)
  const why = lost ?? 'it is no array'
  report(
    'items',
    `The pointer ${items.written} leads to no list in the response of ${rest.operationId}: ${why}.`,
  )
  return undefined
}

function follow(
  { document }: WebhookContext,
  from: SchemaView,
  steps: readonly string[],
): { readonly view?: SchemaView; readonly lost?: string } {
  let view = from
  for (const step of steps) {
    const member: Located | undefined = view.properties.get(step)
    if (!member) {
      const names = [...view.properties.keys()]
      return { lost: `there is no ${step}; there is ${names.join(', ') || 'nothing'}` }
    }
    view = viewSchema(document, member)
  }
  return { view }
}
