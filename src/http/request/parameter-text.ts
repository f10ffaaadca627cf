import { jsonLine } from '../../json/text.js'
import { isJsonScalar, type JsonValue, scalarText, setMember } from '../../json/value.js'
import type { OpenApiParameter } from '../../openapi/operations.js'
import type { RequestValues } from './reader.js'

/** Parameters as REST would send them, gathered from JSON values. */
export class ParameterTexts {
  readonly #path: Record<string, string> = {}
  readonly #query: Record<string, string | string[]> = {}
  readonly #headers: Record<string, string> = {}

  /** @param json `undefined` and `null` are not sent */
  add(parameter: OpenApiParameter, json: JsonValue | undefined): void {
    if (json === undefined || json === null) return
    switch (parameter.in) {
      case 'path':
        setMember(this.#path, parameter.name, oneText(json))
        break
      case 'query':
        setMember(this.#query, parameter.name, queryText(json, parameter))
        break
      case 'header':
        setMember(this.#headers, parameter.name.toLowerCase(), oneText(json))
    }
  }

  /** @param body JSON text */
  values(body: string | undefined): RequestValues {
    const { path, query, headers } = { path: this.#path, query: this.#query, headers: this.#headers }
    return { path, query, headers, ...(body !== undefined && { body }) }
  }
}

function queryText(json: JsonValue, { explode }: OpenApiParameter): string | string[] {
  if (!Array.isArray(json)) return oneText(json)
  const texts = (json as readonly JsonValue[]).map(oneText)
  return explode ? texts : texts.join()
}

function oneText(json: JsonValue): string {
  if (isJsonScalar(json)) return scalarText(json)
  return Array.isArray(json) ? (json as readonly JsonValue[]).map(oneText).join() : jsonLine(json)
}
