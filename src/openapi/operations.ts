import type { Diagnostics } from '../base/diagnostic/diagnostic.js'
import { isObject, type Located, type OpenApiDocument } from './document.js'
import { METHODS } from './methods.js'
import { join } from './pointer.js'
import { ReadParts } from './read-parts.js'
import { viewSchema } from './schema-view.js'
import { SecurityReader, type SecurityRequirement } from './security.js'

export type ParameterLocation = 'path' | 'query' | 'header'

export interface OpenApiParameter {
  readonly name: string
  readonly in: ParameterLocation
  readonly required: boolean
  readonly schema: Located
  /** Several texts for one array, `a=1&a=2`; else they are split at commas (OpenAPI 3.1, 4.8.12.2). */
  readonly explode: boolean
  /** The schema asks for an array: one text is an array of one. */
  readonly isArray: boolean
  readonly pointer: string
}

/** Names of headers have no case (RFC 9110, section 5.1). */
export function isNamed(parameter: OpenApiParameter, name: string): boolean {
  return parameter.in === 'header'
    ? parameter.name.toLowerCase() === name.toLowerCase()
    : parameter.name === name
}

export interface OpenApiContent {
  readonly mediaType: string
  readonly schema: Located
}

export interface OpenApiBody {
  readonly required: boolean
  readonly content: readonly OpenApiContent[]
  readonly pointer: string
}

export interface OpenApiResponse {
  readonly status: string
  readonly content: readonly OpenApiContent[]
  readonly headers: readonly {
    readonly name: string
    readonly annotation: unknown
    readonly pointer: string
  }[]
  readonly pointer: string
}

/** An Operation Object with what the mapping needs of it. */
export interface OpenApiOperation {
  readonly operationId: string
  readonly method: string
  readonly path: string
  readonly parameters: readonly OpenApiParameter[]
  readonly requestBody?: OpenApiBody
  readonly responses: readonly OpenApiResponse[]
  /** Alternatives, one of which is enough; undefined where the contract says nothing. */
  readonly security: readonly SecurityRequirement[] | undefined
  /** Its x-soap, as the document has it; src/annotation reads it. */
  readonly annotation: unknown
  readonly pointer: string
}

const readParameters = new ReadParts<OpenApiParameter>()
const readBodies = new ReadParts<OpenApiBody>()
const readResponses = new ReadParts<Omit<OpenApiResponse, 'status'>>()

/** Lists the operations of a document; what is missing or ambiguous is reported. */
export function operationsOf(document: OpenApiDocument, diagnostics: Diagnostics): OpenApiOperation[] {
  const operations: OpenApiOperation[] = []
  const seen = new Map<string, string>()
  const paths = isObject(document.root.paths) ? document.root.paths : {}
  const security = new SecurityReader(document, diagnostics)
  for (const path of Object.keys(paths)) {
    const item = document.follow({ value: paths[path], pointer: join('/paths', path) })
    if (!item || !isObject(item.value)) continue
    for (const method of METHODS) {
      const located = document.member(item, method)
      if (!located || !isObject(located.value)) continue
      const operation = readOperation(document, {
        ...{ item, operation: located, method, path },
        ...{ security, diagnostics },
      })
      const other = seen.get(operation.operationId)
      if (other !== undefined) {
        diagnostics.error(
          'operation-id-duplicate',
          `The operationId ${operation.operationId} is taken; each operation needs its own.`,
          document.locate(located.pointer),
          [{ message: 'taken here', at: document.locate(other) }],
        )
      }
      seen.set(operation.operationId, located.pointer)
      operations.push(operation)
    }
  }
  if (operations.length === 0 && !isObject(document.root.webhooks)) {
    diagnostics.error(
      'contract-empty',
      'The document has no operations under `paths`.',
      document.locate('/paths'),
    )
  }
  return operations
}

function readOperation(
  document: OpenApiDocument,
  {
    item,
    operation,
    method,
    path,
    security,
    diagnostics,
  }: {
    readonly item: Located
    readonly operation: Located
    readonly method: string
    readonly path: string
    readonly security: SecurityReader
    readonly diagnostics: Diagnostics
  },
): OpenApiOperation {
  const value = isObject(operation.value) ? operation.value : {}
  const { operationId } = value
  if (typeof operationId !== 'string' || operationId === '') {
    diagnostics.error(
      'operation-id-missing',
      `${method.toUpperCase()} ${path} needs an operationId: it names the operation in logs, metrics and code.`,
      document.locate(operation.pointer),
    )
  }
  const parameters = new Map<string, OpenApiParameter>()
  for (const holder of [item, operation]) {
    for (const parameter of parametersOf(document, holder, diagnostics)) {
      parameters.set(`${parameter.in}:${parameter.name}`, parameter)
    }
  }
  checkPathParameters(document, {
    path,
    parameters: [...parameters.values()],
    pointer: operation.pointer,
    diagnostics,
  })
  const body = document.member(operation, 'requestBody')
  const responses = document.member(operation, 'responses')
  const statuses = responses && isObject(responses.value) ? Object.keys(responses.value) : []
  return {
    operationId: typeof operationId === 'string' && operationId !== '' ? operationId : `${method} ${path}`,
    method,
    path,
    parameters: [...parameters.values()],
    ...(body && {
      requestBody: readBodies.get(document, body) ?? readBodies.keep(document, body, bodyOf(document, body)),
    }),
    responses: statuses.flatMap((status) => {
      const response = responses && document.member(responses, status)
      if (!response) return []
      const { content, headers, pointer } =
        readResponses.get(document, response) ?? responseOf(document, response)
      return [{ status, content, headers, pointer }]
    }),
    security: security.of(operation),
    annotation: value['x-soap'],
    pointer: operation.pointer,
  }
}

function bodyOf(document: OpenApiDocument, body: Located): OpenApiBody {
  const required = isObject(body.value) && body.value.required === true
  return { required, content: contentOf(document, body), pointer: body.pointer }
}

/** Header fields may be referred to, and annotated where they are. */
function responseOf(document: OpenApiDocument, response: Located): Omit<OpenApiResponse, 'status'> {
  const headers = headersOf(document, response)
  const read = { content: contentOf(document, response), headers, pointer: response.pointer }
  return headers.length > 0 ? read : readResponses.keep(document, response, read)
}

function parametersOf(
  document: OpenApiDocument,
  holder: Located,
  diagnostics: Diagnostics,
): OpenApiParameter[] {
  const list = document.member(holder, 'parameters')
  if (!list || !Array.isArray(list.value)) return []
  return list.value.flatMap((_, index): OpenApiParameter[] => {
    const located = document.member(list, index)
    if (!located || !isObject(located.value)) return []
    const known = readParameters.get(document, located)
    if (known) return [known]
    const { name, in: place, required, style, explode } = located.value
    const schema = document.member(located, 'schema')
    const isForm = (style ?? (place === 'query' ? 'form' : 'simple')) === 'form'
    if (
      typeof name !== 'string' ||
      (place !== 'path' && place !== 'query' && place !== 'header') ||
      !schema
    ) {
      diagnostics.error(
        'parameter-unsupported',
        'A parameter needs a name, a schema and `in: path`, `in: query` or `in: header`.',
        document.locate(located.pointer),
      )
      return []
    }
    const isStyled = style !== undefined && style !== (place === 'query' ? 'form' : 'simple')
    if (isStyled) {
      const message = `The style is not supported: a ${place} parameter is ${place === 'query' ? 'form' : 'simple'}.`
      diagnostics.error('parameter-unsupported', message, document.locate(join(located.pointer, 'style')))
    }
    const parameter: OpenApiParameter = {
      name,
      in: place,
      required: required === true,
      // Read again below: the schema keeps its own $ref, whose component name counts.
      schema: schemaOf(located, schema),
      explode: isForm && (typeof explode !== 'boolean' || explode),
      isArray: viewSchema(document, schema).types.has('array'),
      pointer: located.pointer,
    }
    return [isStyled ? parameter : readParameters.keep(document, located, parameter)]
  })
}

export function contentOf(document: OpenApiDocument, holder: Located): OpenApiContent[] {
  const content = document.member(holder, 'content')
  if (!content || !isObject(content.value)) return []
  return Object.keys(content.value).map((mediaType) => {
    const media = document.member(content, mediaType) ?? {
      value: {},
      pointer: join(content.pointer, mediaType),
    }
    const schema = document.member(media, 'schema')
    return {
      mediaType,
      schema: schema ? schemaOf(media, schema) : { value: {}, pointer: join(media.pointer, 'schema') },
    }
  })
}

/** The schema of a media type or parameter as written, with its reference if it is one. */
function schemaOf(holder: Located, followed: Located): Located {
  const value = isObject(holder.value) ? holder.value.schema : undefined
  return value === undefined ? followed : { value, pointer: join(holder.pointer, 'schema') }
}

function headersOf(document: OpenApiDocument, response: Located): OpenApiResponse['headers'] {
  const headers = document.member(response, 'headers')
  if (!headers || !isObject(headers.value)) return []
  return Object.keys(headers.value).flatMap((name) => {
    const header = document.member(headers, name)
    if (!header || !isObject(header.value)) return []
    return [{ name: name.toLowerCase(), annotation: header.value['x-soap'], pointer: header.pointer }]
  })
}

function checkPathParameters(
  document: OpenApiDocument,
  {
    path,
    parameters,
    pointer,
    diagnostics,
  }: {
    readonly path: string
    readonly parameters: readonly OpenApiParameter[]
    readonly pointer: string
    readonly diagnostics: Diagnostics
  },
): void {
  const inTemplate = [...path.matchAll(/\{([^{}]+)\}/g)].map((match) => match[1])
  const declared = parameters.filter((parameter) => parameter.in === 'path')
  for (const name of inTemplate) {
    if (!declared.some((parameter) => parameter.name === name)) {
      diagnostics.error(
        'path-parameter-undeclared',
        `The path parameter {${String(name)}} of ${path} is not declared.`,
        document.locate(pointer),
      )
    }
  }
  for (const parameter of declared) {
    if (!inTemplate.includes(parameter.name)) {
      diagnostics.error(
        'path-parameter-unused',
        `The path ${path} has no {${parameter.name}}.`,
        document.locate(parameter.pointer),
      )
    }
  }
}
