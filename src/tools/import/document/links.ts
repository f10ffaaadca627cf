import { isObject, type OpenApiObject } from '../../../openapi/document.js'
import type { DesignedOperation } from './operation.js'

/** More of them would hide what matters. */
const MAX_LINKS = 5

/**
 * Says where an answer leads (OpenAPI 3.1, Link Object): a member that every success body has and whose name is that of the one
 * parameter in the path of a GET.
 */
export function withLinks(operations: readonly DesignedOperation[]): DesignedOperation[] {
  const reads = operations.flatMap(({ method, path, operationId, document }) => {
    const [, parameter, ...more] = [...path.matchAll(/\{([^{}]+)\}/g)].flatMap((match) => [
      match[0],
      match[1],
    ])
    if (method !== 'get' || parameter === undefined || more.length > 0 || asksForMore(document)) return []
    // `id` is a key of anything.
    return /^(?:id|key|code|name|number)$/.test(parameter) ? [] : [{ parameter, operationId, path }]
  })
  return operations.map((designed) => {
    const { scalars, document, operationId } = designed
    const [status = ''] = Object.keys(isObject(document.responses) ? document.responses : {}).filter((key) =>
      key.startsWith('2'),
    )
    const success = isObject(document.responses) ? document.responses[status] : undefined
    const found = reads
      .filter((read) => scalars.includes(read.parameter) && read.operationId !== operationId)
      .slice(0, MAX_LINKS)
    if (found.length === 0 || !isObject(success)) return designed
    const links: OpenApiObject = Object.fromEntries(
      found.map((read) => [
        read.operationId,
        {
          operationId: read.operationId,
          parameters: { [read.parameter]: `$response.body#/${read.parameter}` },
          description: `\`${read.parameter}\` is what \`GET ${read.path}\` asks for.`,
        },
      ]),
    )
    const responses = { ...(document.responses as OpenApiObject), [status]: { ...success, links } }
    return { ...designed, document: { ...document, responses } }
  })
}

function asksForMore({ parameters = [], requestBody }: OpenApiObject): boolean {
  const needed = (Array.isArray(parameters) ? parameters : []).some(
    (parameter) => isObject(parameter) && parameter.in !== 'path' && parameter.required === true,
  )
  return needed || requestBody !== undefined
}
