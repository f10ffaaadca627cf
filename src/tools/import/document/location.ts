import type { OpenApiObject } from '../../../openapi/document.js'
import { plainWords } from '../words/names.js'
import type { DesignedOperation } from './operation.js'

/**
 * Gives each 201 a Location (RFC 9110, 10.2.2) where the body says what is new and a GET reads it.
 *
 * @param basePath path of the server, empty for none
 */
export function withLocations(
  operations: readonly DesignedOperation[],
  basePath: string,
): DesignedOperation[] {
  const reads = new Map<string, string>()
  for (const { method, path, document } of operations) {
    const [, collection = '', parameter] = /^(.*)\/\{([^/]+)\}$/.exec(path) ?? []
    if (method === 'get' && parameter !== undefined && !needsMore(document)) reads.set(collection, parameter)
  }
  return operations.map((designed) => {
    const parameter = reads.get(designed.path)
    const id = parameter === undefined ? undefined : memberFor(parameter, designed.scalars)
    const { document } = designed
    const created = (document.responses as OpenApiObject)['201'] as OpenApiObject | undefined
    if (id === undefined || created === undefined) return designed
    const header = locationHeader(`${basePath}${designed.path}`, id)
    const { description, ...rest } = created
    const responses = {
      ...(document.responses as OpenApiObject),
      '201': { description, headers: { Location: header }, ...rest },
    }
    return { ...designed, document: { ...document, responses } }
  })
}

function locationHeader(collection: string, id: string): OpenApiObject {
  const base = collection.replace(/\{([^{}]+)\}/g, (_, name: string) => `{$request.path.${name}}`)
  return {
    description: 'Where it can be read.',
    schema: { type: 'string', format: 'uri-reference' },
    'x-soap': `${base}/{$response.body#/${id}}`,
  }
}

function needsMore({ parameters = [], requestBody }: OpenApiObject): boolean {
  const needed = (parameters as readonly OpenApiObject[]).some(
    (parameter) => parameter.in !== 'path' && parameter.required === true,
  )
  return needed || requestBody !== undefined
}

/** The member that the parameter of the read takes: of the same name, or one name at the end of the other. */
function memberFor(parameter: string, members: readonly string[]): string | undefined {
  const same = members.find((member) => member === parameter)
  const wanted = plainWords(parameter).join(' ')
  const near = members.filter((member) => {
    const words = plainWords(member).join(' ')
    return wanted.endsWith(` ${words}`) || words.endsWith(` ${wanted}`)
  })
  const [only, ...more] = members
  const isKey =
    only !== undefined &&
    more.length === 0 &&
    /(?:id|key|result|return|response|value|number|code)$/i.test(only)
  return same ?? (near.length === 1 ? near[0] : isKey ? only : undefined)
}
