import { compileContract } from '../../../src/adapter/adapter.js'
import type { RestOperation } from '../../../src/adapter/rest.js'
import { RequestValidators } from '../../../src/http/validation/validate.js'
import type { JsonValue } from '../../../src/json/value.js'
import type { OpenApiObject } from '../../../src/openapi/document.js'

/** An operation of the sample contract, for whose body each test has a schema of its own. */
const sample = compileContract({ contract: 'openapi.yaml', env: {} }).operations.get('openAccount')
if (!sample) throw new Error('the sample contract has no openAccount')
const operation: RestOperation = sample

/** @param schemas components of a document, of which Body is the schema of the operation's body */
export function validators(schemas: OpenApiObject): RequestValidators {
  const content = { 'application/json': { schema: { $ref: '#/components/schemas/Body' } } }
  return new RequestValidators({
    document: {
      openapi: '3.1.0',
      info: { title: 'Bodies', version: '1' },
      paths: {
        '/things': {
          post: {
            operationId: operation.operationId,
            requestBody: { content },
            responses: { 204: { description: 'done' } },
          },
        },
      },
      components: { schemas },
    },
  })
}

/** @param values how many the body is said to have @returns what is wrong with it */
export async function found(
  judge: RequestValidators,
  body: JsonValue,
  values = 1,
): Promise<readonly string[]> {
  const input = { path: {}, query: {}, headers: {}, body, values, mediaType: 'application/json' }
  const violations = await judge.validate(operation, input)
  return violations.map(({ pointer, detail }) => `${pointer} ${detail}`)
}
