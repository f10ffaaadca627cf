import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import formats from 'ajv-formats'
import type { RestOperation } from '../../src/adapter/rest.js'
import type { OpenApiObject } from '../../src/openapi/document.js'

const compiled = new WeakMap<
  OpenApiObject,
  { readonly ajv: Ajv2020; readonly byPointer: Map<string, ValidateFunction> }
>()

/**
 * Judges a body by the schema that the published document gives for its status, with Ajv.
 *
 * @returns what is wrong, or nothing
 */
export function judgeResponse(
  document: OpenApiObject,
  operation: RestOperation,
  status: number,
  body: string,
): string | undefined {
  const response = ['paths', operation.path, operation.method, 'responses', String(status)]
  const pointer = [...response, 'content', 'application/json', 'schema']
  if (at(document, response) === undefined) return `${status} is not declared`
  if (at(document, pointer) === undefined)
    return body === '' ? undefined : `${status} has a body and no content`
  const validate = validatorOf(document, pointer)
  if (validate(JSON.parse(body))) return undefined
  return validate.errors?.map(({ instancePath, message }) => `${instancePath} ${message ?? ''}`).join('; ')
}

function at(document: unknown, steps: readonly string[]): unknown {
  return steps.reduce<unknown>(
    (value, step) => (value as Record<string, unknown> | undefined)?.[step],
    document,
  )
}

function validatorOf(document: OpenApiObject, steps: readonly string[]): ValidateFunction {
  let known = compiled.get(document)
  if (!known) {
    const ajv = new Ajv2020({ strict: false, allErrors: false, validateFormats: true })
    formats.default(ajv)
    ajv.addFormat('decimal', /^[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)$/)
    ajv.addSchema({ $id: 'https://contract.test/', ...(document as object) }, 'https://contract.test/')
    known = { ajv, byPointer: new Map() }
    compiled.set(document, known)
  }
  const pointer = steps
    .map((step) => encodeURIComponent(step.replaceAll('~', '~0').replaceAll('/', '~1')))
    .join('/')
  let validate = known.byPointer.get(pointer)
  if (!validate) {
    validate = known.ajv.compile({ $ref: `https://contract.test/#/${pointer}` })
    known.byPointer.set(pointer, validate)
  }
  return validate
}
