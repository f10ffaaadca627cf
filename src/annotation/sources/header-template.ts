import type { Diagnostics } from '../../base/diagnostic/diagnostic.js'
import type { OpenApiDocument } from '../../openapi/document.js'
import type { OpenApiResponse } from '../../openapi/operations.js'
import { join } from '../../openapi/pointer.js'
import { parseTemplate, sourceHint, type TemplateExpression } from './expression.js'

/** The `x-soap` of a response header, parsed. */
export interface WrittenTemplate {
  /** Of the header, in lower case. */
  readonly name: string
  readonly template: TemplateExpression
  readonly pointer: string
}

/** The headers of a response that the annotation makes; what is not a template is reported and left out. */
export function readHeaderTemplates(
  document: OpenApiDocument,
  { headers }: OpenApiResponse,
  diagnostics: Diagnostics,
): readonly WrittenTemplate[] {
  return headers.flatMap(({ name, annotation, pointer: header }) => {
    if (annotation === undefined) return []
    const pointer = join(header, 'x-soap')
    const template = typeof annotation === 'string' ? parseTemplate(annotation) : undefined
    const problem = template ? unsendable(template) : notTemplate(annotation)
    if (template && problem === undefined) return [{ name, template, pointer }]
    diagnostics.error(
      'header-template',
      `The header ${name} cannot be made: ${problem ?? ''}`,
      document.locate(pointer),
    )
    return []
  })
}

function notTemplate(annotation: unknown): string {
  const embedded = typeof annotation === 'string' ? [...annotation.matchAll(/\{([^{}]*)\}/g)] : []
  const hints = embedded.map(([, expression]) => sourceHint(expression))
  return `it must be a text with expressions in braces.${hints.find((hint) => hint !== '') ?? ''}`
}

/** What no header field can have (RFC 9110, section 5.5). */
function unsendable(template: TemplateExpression): string | undefined {
  const texts = template.filter((part) => typeof part === 'string')
  return texts.some((text) => /[^\t\x20-\x7e\x80-\xff]/.test(text))
    ? 'its text has characters that no header field can have.'
    : undefined
}
