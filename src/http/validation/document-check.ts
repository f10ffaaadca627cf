import type { Diagnostics } from '../../base/diagnostic/diagnostic.js'
import type { OpenApiDocument } from '../../openapi/document.js'
import { metaSchemaOf } from './meta-schema.js'

/** One broken place is often reported once for each form that it might have had. */
const MOST = 20

/** Judges the whole document by the schema of OpenAPI 3.1, once; the slices of it are not judged again. */
export function checkDocument(document: OpenApiDocument, diagnostics: Diagnostics): void {
  const { openapi: version } = document.root
  const findings = metaSchemaOf(String(version))(document.root).filter(({ keyword }) => keyword !== 'if')
  for (const { instancePath, message } of findings.slice(0, MOST)) {
    const where = instancePath === '' ? 'The document' : `The place ${instancePath}`
    diagnostics.error(
      'openapi-invalid',
      `${where} is not OpenAPI 3.1: it ${message ?? 'is wrong'}.`,
      document.locate(instancePath),
    )
  }
}
