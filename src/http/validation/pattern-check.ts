import type { Diagnostics } from '../../base/diagnostic/diagnostic.js'
import type { OpenApiDocument } from '../../openapi/document.js'
import { unusablePatterns } from '../../openapi/judgement/patterns.js'

/**
 * Reports the patterns of a document that was made by a program: those of one that was read from a file were reported
 * when it was read, with their lines.
 */
export function checkPatterns(document: OpenApiDocument, diagnostics: Diagnostics): void {
  for (const { pointer, code, message } of unusablePatterns(document.root)) {
    diagnostics.error(code, `${pointer}: ${message}`, document.locate(pointer))
  }
}
