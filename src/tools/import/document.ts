import { type OpenApiObject } from '../../openapi/document.js'
import { type Service, type Wsdl } from '../../wsdl/model.js'
import { sentence, serviceWords } from './names.js'
import { type DesignedOperation } from './operation.js'
import { problemSchemas, type ProblemResponses } from './problem.js'
import { type SummaryWriter } from './summary.js'

export interface DocumentParts {
  readonly wsdls: readonly Wsdl[]
  readonly services: readonly Service[]
  readonly backends: Readonly<Record<string, OpenApiObject>>
  readonly operations: readonly DesignedOperation[]
  readonly schemas: ReadonlyMap<string, OpenApiObject>
  readonly problems: ProblemResponses
  readonly basePath: string
  readonly summary: SummaryWriter
}

const methodOrder = ['get', 'put', 'post', 'delete', 'patch']

/** Puts the document together; paths and components are sorted, so that a changed WSDL makes a small difference. */
export function buildDocument(parts: DocumentParts): OpenApiObject {
  const { wsdls, services, backends, operations, problems, basePath, summary } = parts
  summary.advise('The licence is a placeholder: say in info.license under which terms the API is offered.')
  return {
    openapi: '3.1.0',
    info: {
      title: titleOf(services),
      version: versionOf(wsdls),
      description: descriptionOf(wsdls, services),
      license: { name: 'Proprietary', identifier: 'LicenseRef-Proprietary' },
    },
    servers: [{ url: basePath === '' ? '/' : basePath, description: 'Where this document was served.' }],
    security: [],
    tags: [...new Set(operations.map(({ tag }) => tag))].sort().map((tag) => ({
      name: tag,
      description: `Operations on ${tag.toLowerCase()}.`,
    })),
    'x-soap-backends': backends,
    paths: pathsOf(operations),
    components: {
      schemas: sorted([...parts.schemas, ...Object.entries(problemSchemas)]),
      responses: problems.components(),
    },
  }
}

function pathsOf(operations: readonly DesignedOperation[]): OpenApiObject {
  const paths = new Map<string, [string, OpenApiObject][]>()
  for (const { method, path, operation } of operations) {
    paths.set(path, [...(paths.get(path) ?? []), [method, operation]])
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

function titleOf(services: readonly Service[]): string {
  const names = [...new Set(services.map(({ name }) => sentence(serviceWords(name.localName))))]
  return `${names.length === 0 ? 'Empty' : names.join(', ')} API`
}

/** A date or number at the end of a namespace is the nearest that a WSDL has to a version. */
function versionOf(wsdls: readonly Wsdl[]): string {
  const [first] = wsdls
  const version = /(?:^|[/:_-])v?(\d+(?:\.\d+){0,2})\/?$/i.exec(first?.targetNamespace ?? '')?.[1]
  if (version === undefined || wsdls.length > 1 || version.length > 8) return '1.0.0'
  const numbers = version.split('.')
  return [...numbers, '0', '0'].slice(0, 3).join('.')
}

function descriptionOf(wsdls: readonly Wsdl[], services: readonly Service[]): string {
  const texts = [...wsdls.map(({ documentation }) => documentation), ...services.map(({ documentation }) => documentation)]
  const written = [...new Set(texts.filter((text) => text !== undefined && text !== ''))]
  if (written.length > 0) return written.join('\n\n')
  const names = [...new Set(services.map(({ name }) => name.localName))]
  return `REST access to ${names.length === 0 ? 'no service' : names.join(', ')}.`
}
