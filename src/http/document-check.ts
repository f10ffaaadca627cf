import { OpenAPISchemaValidator } from 'express-openapi-validator/dist/framework/openapi.schema.validator.js'
import { type Diagnostics } from '../base/diagnostic.js'
import { type OpenApiObject } from '../openapi/document.js'

interface DocumentValidator {
  validate(document: object): {
    readonly errors:
      readonly { readonly instancePath: string; readonly keyword: string; readonly message?: string }[] | null
  }
}

/** One broken place is often reported once for each form that it might have had. */
const MOST = 20

/** Judges the whole document by the schema of OpenAPI 3.1, once; the slices of it are not judged again. */
export function checkDocument(document: OpenApiObject, diagnostics: Diagnostics): void {
  const { openapi: version } = document
  const validator = new OpenAPISchemaValidator({
    version: String(version),
    validateApiSpec: true,
  }) as DocumentValidator
  const { errors } = validator.validate(document)
  const findings = (errors ?? []).filter(({ keyword }) => keyword !== 'if')
  for (const { instancePath, message } of findings.slice(0, MOST)) {
    const where = instancePath === '' ? 'The document' : `The place ${instancePath}`
    diagnostics.error('openapi-invalid', `${where} is not OpenAPI 3.1: it ${message ?? 'is wrong'}.`)
  }
}
