import type { OpenApiObject } from '../../../openapi/document.js'
import { problemSchemas } from '../../../openapi/published/problem-schemas.js'
import type { Service, Wsdl } from '../../../wsdl/model.js'
import type { ProblemResponses } from '../messages/problem.js'
import type { ProposedWebhook } from '../proposals/notifications.js'
import type { SummaryWriter } from '../summary/summary.js'
import type { DesignedOperation } from './operation.js'

export interface DocumentParts {
  readonly wsdls: readonly Wsdl[]
  readonly services: readonly { readonly service: Service; readonly title: string }[]
  readonly backends: Readonly<Record<string, OpenApiObject>>
  readonly operations: readonly DesignedOperation[]
  readonly webhooks: readonly ProposedWebhook[]
  readonly schemas: ReadonlyMap<string, OpenApiObject>
  readonly problems: ProblemResponses
  /** URL of the server, empty for `/`. */
  readonly server: string
  readonly summary: SummaryWriter
}

const methodOrder = ['get', 'put', 'post', 'delete', 'patch']

/** Puts the document together; paths and components are sorted, so that a changed WSDL makes a small difference. */
export function buildDocument(parts: DocumentParts): OpenApiObject {
  const { wsdls, services, backends, operations, webhooks, problems, server, summary } = parts
  const shared = new Map(operations.flatMap((operation) => [...operation.shared]))
  summary.advise(
    'Everybody may call: say who may in security and components.securitySchemes, as docs/security.md shows',
  )
  summary.advise(
    'The licence and the contact are placeholders: say in info.license under which terms the API is offered, and in info.contact whom callers ask',
  )
  const title = titleOf(services)
  return {
    openapi: '3.1.0',
    info: {
      title,
      version: versionOf(wsdls),
      description: descriptionOf(wsdls, services),
      contact: { name: title },
      license: { name: 'Proprietary', identifier: 'LicenseRef-Proprietary' },
    },
    servers: [{ url: server === '' ? '/' : server, description: 'Where this document was served.' }],
    security: [],
    tags: [...new Set(operations.map(({ tag }) => tag))].sort().map((tag) => ({
      name: tag,
      description: `Operations on ${tag.toLowerCase()}.`,
    })),
    'x-soap-backends': backends,
    paths: pathsOf(operations),
    ...(webhooks.length > 0 && { webhooks: sorted(webhooks) }),
    components: {
      ...(shared.size > 0 && { parameters: sorted([...shared]) }),
      schemas: sorted([...parts.schemas, ...(operations.length > 0 ? Object.entries(problemSchemas) : [])]),
      ...(operations.length > 0 && { responses: problems.components() }),
    },
  }
}

function pathsOf(operations: readonly DesignedOperation[]): OpenApiObject {
  const paths = new Map<string, [string, OpenApiObject][]>()
  for (const { method, path, document } of operations) {
    paths.set(path, [...(paths.get(path) ?? []), [method, document]])
  }
  return sorted(
    [...paths].map(([path, methods]) => [
      path,
      Object.fromEntries(methods.sort(([a], [b]) => methodOrder.indexOf(a) - methodOrder.indexOf(b))),
    ]),
  )
}

/** By code units: the same everywhere. */
function sorted<T>(entries: readonly (readonly [string, T])[]): Record<string, T> {
  return Object.fromEntries([...entries].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)))
}

function titleOf(services: DocumentParts['services']): string {
  const titles = [...new Set(services.map(({ title }) => title))]
  return `${titles.length === 0 ? 'Empty' : titles.join(', ')} API`
}

/** A date or number at the end of a namespace is the nearest that a WSDL has to a version. */
function versionOf([only, ...others]: readonly Wsdl[]): string {
  const namespace = only && others.length === 0 ? only.targetNamespace : ''
  const date = /[/:](\d{4})[/-](\d{1,2})(?:[/-](\d{1,2}))?\/?$/.exec(namespace)
  const numbers = date
    ? date.slice(1)
    : (/[/:_-]v?(\d{1,4}(?:\.\d{1,4}){0,2})\/?$/i.exec(namespace)?.[1] ?? '1').split('.')
  return [0, 1, 2].map((index) => Number(numbers[index] ?? 0)).join('.')
}

function descriptionOf(wsdls: readonly Wsdl[], services: DocumentParts['services']): string {
  const texts = [...wsdls, ...services.map(({ service }) => service)].map(
    ({ documentation }) => documentation,
  )
  const written = [...new Set(texts.filter((text) => text !== undefined && text !== ''))]
  if (written.length > 0) return written.join('\n\n')
  const names = [...new Set(services.map(({ service }) => service.name.localName))]
  return `REST access to ${names.length === 0 ? 'no service' : names.join(', ')}.`
}
