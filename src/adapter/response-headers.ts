import { isJsonScalar, type JsonObject, type JsonValue, scalarText } from '../json/value.js'
import { type Template } from '../mapping/expression.js'
import { pick, textsOf } from './assemble.js'
import { type RestRequest } from './rest.js'

/** What a template of a response header may speak of. */
export interface TemplateValues {
  readonly request: RestRequest | undefined
  readonly body: JsonValue | undefined
  readonly soapHeader: JsonObject | undefined
}

/**
 * Fills a template; values are percent-encoded (RFC 3986, section 2.1), since headers are mostly URLs.
 *
 * @returns undefined where a block of the SOAP header that it speaks of is absent
 */
export function fill(template: Template, values: TemplateValues): string | undefined {
  let text = ''
  for (const part of template) {
    if (typeof part === 'string') {
      text += part
      continue
    }
    let value: JsonValue | undefined
    if (part.kind === 'response') {
      value = pick(part.part === 'body' ? values.body : values.soapHeader, part.steps)
      if (value === undefined && part.part === 'soapHeader') return undefined
    } else if (part.kind === 'parameter') {
      const name = part.in === 'header' ? part.name.toLowerCase() : part.name
      const sent = values.request && textsOf(values.request, { ...part, name })
      value = typeof sent === 'string' ? sent : sent?.join(',')
    }
    text += isJsonScalar(value) && value !== null ? encodeURIComponent(scalarText(value)) : ''
  }
  return text
}
