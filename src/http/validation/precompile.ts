import { writeFileSync } from 'node:fs'
import { madeWith, PRECOMPILED, validatorRequire } from './meta-schema.js'

const VERSION = '3.1.0'

interface SchemaCompiling {
  addSchema(schema: object): unknown
  compile(schema: object): unknown
}

/**
 * Writes the schema of OpenAPI 3.1 as the code that it is compiled to: part of the build, since to compile it takes a
 * third of a start. It is made by the compiler and with the options that would be used at run time, and is not used with
 * another version of them.
 *
 * @param file by default where `metaSchemaOf` looks for it
 */
export function precompileMetaSchema(file = PRECOMPILED): void {
  const { factoryAjv } = validatorRequire('./framework/ajv/factory') as {
    readonly factoryAjv: (version: string, options: object) => SchemaCompiling
  }
  const { factorySchema } = validatorRequire('./framework/openapi/factory.schema') as {
    readonly factorySchema: (version: string) => object
  }
  const { default: addFormats } = validatorRequire('ajv-formats') as {
    readonly default: (ajv: SchemaCompiling, formats: readonly string[]) => void
  }
  const { default: codeOf } = validatorRequire('ajv/dist/standalone') as {
    readonly default: (ajv: SchemaCompiling, compiled: unknown) => string
  }
  // As OpenAPISchemaValidator of express-openapi-validator makes it.
  const ajv = factoryAjv(VERSION, {
    ...{ allErrors: true, validateFormats: true, coerceTypes: false, useDefaults: false, strict: false },
    code: { source: true },
  })
  const schema = factorySchema(VERSION)
  addFormats(ajv, ['email', 'regex', 'uri', 'uri-reference'])
  ajv.addSchema(schema)
  const code = codeOf(ajv, ajv.compile(schema))
  writeFileSync(
    file,
    `exports.madeWith = ${JSON.stringify(madeWith())}
exports.create = (require) => {
const module = { exports: {} }
${code}
return module.exports
}
`,
  )
}
