import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'

/** What the schema of OpenAPI says of a document. */
export interface MetaFinding {
  readonly instancePath: string
  readonly keyword: string
  readonly message?: string
}

/** @returns everything that is wrong with a document */
export type MetaSchema = (document: object) => readonly MetaFinding[]

/** A function that Ajv has compiled: it leaves what it found at itself. */
interface CompiledSchema {
  (document: object): boolean
  readonly errors?: readonly MetaFinding[] | null
}

/** Where the build leaves the compiled schema of OpenAPI 3.1; sources that are run without a build have none. */
export const PRECOMPILED = fileURLToPath(new URL('openapi-3.1.cjs', import.meta.url))

const require = createRequire(import.meta.url)

/** Finds modules as express-openapi-validator does. */
export const validatorRequire = createRequire(require.resolve('express-openapi-validator'))

/** What the schema and the code that it becomes depend on. */
export function madeWith(): string {
  const packages = ['express-openapi-validator', 'ajv', 'ajv-formats'].map((name) => {
    const { version } = validatorRequire(`${name}/package.json`) as { readonly version: string }
    return `${name} ${version}`
  })
  return packages.join(', ')
}

/**
 * The schema of a version of OpenAPI: as the build has compiled it, or compiled now, which takes some 0.4 s.
 *
 * @param file where the build has left it
 */
export function metaSchemaOf(version: string, file = PRECOMPILED): MetaSchema {
  const compiled = /^3\.1\.\d+$/.test(version) ? precompiled(file) : undefined
  if (!compiled) return compiledNow(version)
  return (document) => (compiled(document) ? [] : (compiled.errors ?? []))
}

/** @returns undefined where there is none, or one that was made with other versions */
function precompiled(file: string): CompiledSchema | undefined {
  if (!existsSync(file)) return undefined
  const built = require(file) as {
    readonly madeWith: string
    readonly create: (require: NodeJS.Require) => CompiledSchema
  }
  return built.madeWith === madeWith() ? built.create(validatorRequire) : undefined
}

interface OpenApiSchemaValidator {
  validate(document: object): { readonly errors: readonly MetaFinding[] | null }
}

function compiledNow(version: string): MetaSchema {
  const { OpenAPISchemaValidator } = validatorRequire('./framework/openapi.schema.validator') as {
    readonly OpenAPISchemaValidator: new (options: {
      readonly version: string
      readonly validateApiSpec: boolean
    }) => OpenApiSchemaValidator
  }
  const validator = new OpenAPISchemaValidator({ version, validateApiSpec: true })
  return (document) => validator.validate(document).errors ?? []
}
