import type { Segment } from '../base/bytes/source.js'
import { SOAP_11, SOAP_12 } from '../base/namespaces.js'
import { internName } from '../xml/names.js'

/** Elements of both versions. Interned, they are told by their names wherever they are told of. */
const ELEMENTS = {
  [SOAP_11]: ['Envelope', 'Header', 'Body', 'Fault', 'faultcode', 'faultstring', 'faultactor', 'detail'],
  [SOAP_12]: [
    ...['Envelope', 'Header', 'Body', 'Fault', 'Code', 'Subcode', 'Value', 'Reason', 'Text', 'Node', 'Role'],
    ...['Detail', 'NotUnderstood', 'Upgrade', 'SupportedEnvelope'],
  ],
}
for (const [namespace, localNames] of Object.entries(ELEMENTS)) {
  for (const localName of localNames) internName(`{${namespace}}${localName}`)
}

/** What differs between SOAP 1.1 (W3C Note, May 2000) and SOAP 1.2 (W3C Recommendation, second edition). */
export interface SoapDialect {
  readonly version: '1.1' | '1.2'
  readonly namespace: string
  readonly mediaType: string
  /** HTTP headers that carry the action: SOAP 1.1, 6.1.1; RFC 3902, `action`. */
  headers(action: string): Readonly<Record<string, string>>
}

const soap11: SoapDialect = {
  version: '1.1',
  namespace: SOAP_11,
  mediaType: 'text/xml',
  headers: (action) => ({ 'content-type': 'text/xml; charset=utf-8', soapaction: quoted(action) }),
}

const soap12: SoapDialect = {
  version: '1.2',
  namespace: SOAP_12,
  mediaType: 'application/soap+xml',
  headers: (action) => ({
    'content-type': `application/soap+xml; charset=utf-8${action === '' ? '' : `; action=${quoted(action)}`}`,
  }),
}

/** A quoted-string (RFC 9110, section 5.6.4). */
function quoted(text: string): string {
  return `"${text.replace(/["\\]/g, '\\$&')}"`
}

export function dialect(version: '1.1' | '1.2'): SoapDialect {
  return version === '1.1' ? soap11 : soap12
}

/** Is it the namespace of an Envelope of either version? */
export function isSoapNamespace(namespace: string): boolean {
  return namespace === SOAP_11 || namespace === SOAP_12
}

/**
 * XML declaration and start tag of an Envelope. The prefix is always `soap`.
 *
 * @param declarations namespace declarations, each with a space before it
 */
export function envelopeStart({ namespace }: SoapDialect, declarations: string): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n<soap:Envelope xmlns:soap="${namespace}"${declarations}>`
}

/**
 * A whole envelope whose body is made of segments.
 *
 * @param start of {@link envelopeStart} @param blocks as for {@link writeEnvelope}
 */
export function writeEnvelopeAround(
  start: string,
  blocks: string,
  body: readonly Segment[],
): readonly Segment[] {
  const [first] = body
  if (typeof first === 'string' && body.length === 1) return [writeEnvelope(start, blocks, first)]
  const [before = '', after = ''] = writeEnvelope(start, blocks, '\0').split('\0')
  return [before, ...body, after]
}

/**
 * A whole envelope.
 *
 * @param start of {@link envelopeStart} @param blocks children of soap:Header, which is left out without any
 * @param body children of soap:Body
 */
export function writeEnvelope(start: string, blocks: string, body: string): string {
  const header = blocks === '' ? '' : `<soap:Header>${blocks}</soap:Header>`
  return `${start}${header}<soap:Body>${body}</soap:Body></soap:Envelope>`
}
