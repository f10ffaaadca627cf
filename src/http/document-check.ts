import { OpenAPISchemaValidator } from 'express-openapi-validator/dist/framework/openapi.schema.validator.js'
import { type Diagnostics } from '../base/diagnostic.js'
import { type OpenApiObject } from '../openapi/document.js'

/** One broken place is often reported once for each form that it might have had. */
const MOST = 20

/** Judges the whole document by the schema of OpenAPI 3.1, once; the slices of it are not judged again. */
export function checkDocument(document: OpenApiObject, diagnostics: Diagnostics): void {
  const version = String(document['openapi'])
  const { errors } = new OpenAPISchemaValidator({ version, validateApiSpec: true }).validate(
    document as Parameters<OpenAPISchemaValidator['validate']>[0],
  )
  for (const { instancePath, message } of (errors ?? []).slice(0, MOST)) {
    diagnostics.error(
      'openapi-invalid',
      `${instancePath === '' ? 'The document' : instancePath} ${message ?? ''}`,
    )
  }
}
