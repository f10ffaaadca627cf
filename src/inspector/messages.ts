import type { RestRequest, RestResponse, SoapRequest, SoapResponse } from '../adapter/rest.js'
import type { SoapAnswer } from '../backend/soap-call.js'
import { type Body, lengthOf } from '../base/bytes/source.js'
import { parseWritten } from '../json/parse.js'
import type { JsonValue } from '../json/value.js'
import { decodeXml } from '../xml/encoding.js'
import { jsonView, shownText } from './json-view.js'
import type { Disclosure, MessageView } from './view.js'
import { xmlView } from './xml-view.js'

/** Messages that are longer are told by their length. */
const MOST_BYTES = 262_144

/** Fields that hold credentials, whatever else is shown. */
const SECRET_FIELD = /^(?:proxy-)?authorization$|^(?:set-)?cookie$|^dpop$|api-?key|token|secret|password/i

export function restRequestView(
  { method, path }: { readonly method: string; readonly path: string },
  request: RestRequest,
  disclosure: Disclosure,
): MessageView {
  const parameters = (['path', 'query'] as const).flatMap((place) =>
    Object.entries(request[place]).map(([name, value]) => ({
      ...{ in: place, name },
      value: jsonView(value as JsonValue, SECRET_FIELD.test(name) ? { values: false } : disclosure),
    })),
  )
  return {
    start: `${method.toUpperCase()} ${path}`,
    headers: fieldsOf(request.headers, disclosure),
    parameters,
    ...(request.body !== undefined && { json: jsonView(request.body, disclosure) }),
  }
}

/** @param backend its name: a URL may hold what nobody should see */
export function soapRequestView(
  backend: string,
  { headers, body }: SoapRequest,
  disclosure: Disclosure,
): MessageView {
  return {
    start: `POST to ${backend}`,
    headers: fieldsOf(headers, disclosure),
    ...envelopeOf(body, headers['content-type'], disclosure),
  }
}

export function soapResponseView(
  { status, headers, body }: SoapResponse | SoapAnswer,
  disclosure: Disclosure,
): MessageView {
  return {
    start: String(status),
    headers: fieldsOf(headers, disclosure),
    ...envelopeOf(body, headers['content-type'], disclosure),
  }
}

export function restResponseView(
  { status, headers, body, rest }: RestResponse,
  disclosure: Disclosure,
): MessageView {
  const start = String(status)
  const fields = fieldsOf(headers, disclosure)
  const length = lengthOf(body)
  if (rest) return { start, headers: fields, note: 'The response is given while it arrives, and not kept.' }
  if (length === 0) return { start, headers: fields }
  const isJson = /[/+]json\b/.test(headers['content-type'] ?? '')
  if (!isJson || length > MOST_BYTES)
    return { start, headers: fields, note: noteOf(length, headers['content-type']) }
  try {
    const text = typeof body === 'string' ? body : Buffer.from(bytesIn(body)).toString('utf8')
    return { start, headers: fields, json: jsonView(parseWritten(text), disclosure) }
  } catch {
    return { start, headers: fields, note: noteOf(length, headers['content-type']) }
  }
}

function envelopeOf(
  body: Body,
  contentType: string | undefined,
  disclosure: Disclosure,
): Pick<MessageView, 'xml' | 'note'> {
  const length = lengthOf(body)
  if (length === 0) return {}
  if (length > MOST_BYTES || /^multipart\//i.test(contentType ?? ''))
    return { note: noteOf(length, contentType) }
  try {
    const bytes =
      typeof body === 'string'
        ? body
        : decodeXml(bytesIn(body), /charset="?([^\s;"]+)/i.exec(contentType ?? '')?.[1])
    const xml = xmlView(bytes, disclosure)
    return xml ? { xml } : { note: noteOf(length, contentType) }
  } catch {
    return { note: noteOf(length, contentType) }
  }
}

function bytesIn(body: Exclude<Body, string>): Uint8Array {
  return body instanceof Uint8Array ? body : Buffer.concat([...body])
}

function noteOf(length: number, contentType = 'unknown type'): string {
  return `${length.toLocaleString('en')} bytes of ${contentType.split(';')[0] ?? ''}`
}

function fieldsOf(
  headers: Readonly<Record<string, string | readonly string[] | undefined>>,
  disclosure: Disclosure,
): MessageView['headers'] {
  return Object.entries(headers).flatMap(([name, value]) => {
    if (value === undefined) return []
    const isShown = name === 'content-type' || name === 'soapaction' ? { values: true } : disclosure
    const text = typeof value === 'string' ? value : value.join(', ')
    return [{ name, ...shownText(text, SECRET_FIELD.test(name) ? { values: false } : isShown) }]
  })
}
