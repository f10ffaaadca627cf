import {
  APACHE_SOAP,
  SOAP_ENCODING_11,
  SOAP_ENCODING_12,
  XSD,
  XSD_1999,
  XSD_2000,
  XSI,
  XSI_1999,
  XSI_2000,
} from '../../base/namespaces.js'

const encodings = [SOAP_ENCODING_11, SOAP_ENCODING_12]
const instances = [XSI, XSI_1999, XSI_2000]

/** Attributes that mean something in SOAP encoding (SOAP 1.1, 5; SOAP 1.2 Part 2, 3.1). */
export type EncodingAttribute =
  'id' | 'href' | 'root' | 'type' | 'nil' | 'arrayType' | 'offset' | 'position' | 'itemType' | 'arraySize'

/** What an attribute of the Clark name means, by whichever version of its specification. */
export const encodingAttributes: ReadonlyMap<string, EncodingAttribute> = new Map([
  ['id', 'id'] as const,
  ['href', 'href'] as const,
  [`{${SOAP_ENCODING_12}}id`, 'id'] as const,
  [`{${SOAP_ENCODING_12}}ref`, 'href'] as const,
  ...instances.flatMap((xsi) => [[`{${xsi}}type`, 'type'] as const, [`{${xsi}}nil`, 'nil'] as const]),
  // The drafts called it null.
  [`{${XSI_1999}}null`, 'nil'] as const,
  [`{${XSI_2000}}null`, 'nil'] as const,
  ...encodings.flatMap((enc) =>
    (['root', 'arrayType', 'offset', 'position', 'itemType', 'arraySize'] as const).map(
      (name) => [`{${enc}}${name}`, name] as const,
    ),
  ),
])

/** Names of the drafts that the Recommendation changed, and of the encodings that mean a type of XML Schema. */
const renamed: Readonly<Record<string, string>> = {
  'ur-type': 'anyType',
  timeInstant: 'dateTime',
  timeDuration: 'duration',
  uriReference: 'anyURI',
  binary: 'base64Binary',
  base64: 'base64Binary',
}

/** Types of the encodings that are none of XML Schema's. */
const constructors = new Set(['Array', 'Struct'])

/**
 * One name for a type, whichever draft or encoding it is named by.
 *
 * @param type in Clark notation
 * @param style the namespace of the encoding that the contract speaks
 * @returns nothing for a name that says nothing: any type at all
 */
export function typeOf(type: string, style: string): string | undefined {
  const end = type.indexOf('}')
  const namespace = type.slice(1, end)
  const localName = type.slice(end + 1)
  if (namespace === APACHE_SOAP && localName === 'SOAPStruct') return undefined
  const isEncoding = encodings.includes(namespace)
  if (isEncoding && constructors.has(localName)) return localName === 'Array' ? `{${style}}Array` : undefined
  if (!isEncoding && namespace !== XSD_1999 && namespace !== XSD_2000 && namespace !== XSD) return type
  const name = Object.hasOwn(renamed, localName) ? (renamed[localName] ?? localName) : localName
  return name === 'anyType' ? undefined : `{${XSD}}${name}`
}
