/** One element of DER (ITU-T X.690, section 8.1). */
export interface DerElement {
  readonly tag: number
  readonly content: Buffer
  /** With its tag and length. */
  readonly raw: Buffer
  /** Of the element that follows. */
  readonly next: number
}

/** Tags of universal types that certificates are made of (ITU-T X.680, section 8.4). */
export const DER = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  null: 0x05,
  oid: 0x06,
  enumerated: 0x0a,
  utcTime: 0x17,
  generalizedTime: 0x18,
  sequence: 0x30,
} as const

/** @returns undefined past the end, and for lengths that do not fit */
export function derElement(der: Buffer, offset: number): DerElement | undefined {
  const tag = der[offset]
  const first = der[offset + 1]
  if (tag === undefined || first === undefined) return undefined
  const lengthBytes = first < 0x80 ? 0 : first & 0x7f
  if (lengthBytes > 4 || offset + 2 + lengthBytes > der.length) return undefined
  const length = lengthBytes === 0 ? first : der.readUIntBE(offset + 2, lengthBytes)
  const start = offset + 2 + lengthBytes
  const next = start + length
  if (first === 0x80 || next > der.length) return undefined
  return { tag, content: der.subarray(start, next), raw: der.subarray(offset, next), next }
}

export function derElements(content: Buffer): DerElement[] {
  const elements: DerElement[] = []
  for (let element = derElement(content, 0); element; element = derElement(content, element.next)) {
    elements.push(element)
  }
  return elements
}

/** @returns undefined where the text is not one element and nothing else */
export function onlyDerElement(der: Buffer): DerElement | undefined {
  const element = derElement(der, 0)
  return element?.next === der.length ? element : undefined
}

/** Writes one element. */
export function der(tag: number, ...contents: readonly Buffer[]): Buffer {
  const content = Buffer.concat(contents)
  const { length } = content
  if (length < 0x80) return Buffer.concat([Buffer.from([tag, length]), content])
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(length)
  const octets = bytes.subarray(bytes.findIndex((octet) => octet !== 0))
  return Buffer.concat([Buffer.from([tag, 0x80 | octets.length]), octets, content])
}

/** UTCTime and GeneralizedTime as RFC 5280, section 4.1.2.5, has them: in UTC, to the second. */
const TIME = /^(\d{2}|\d{4})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})Z$/

/** @returns milliseconds since 1970; undefined where it is not a time */
export function derTime(element: DerElement | undefined): number | undefined {
  if (element?.tag !== DER.utcTime && element?.tag !== DER.generalizedTime) return undefined
  const [, year = '', ...rest] = TIME.exec(element.content.toString('latin1')) ?? []
  if (year.length !== (element.tag === DER.utcTime ? 2 : 4)) return undefined
  const [month, day, hour, minute, second] = rest
  const century = year.length === 4 ? '' : Number(year) < 50 ? '20' : '19'
  const time = Date.parse(`${century}${year}-${month}-${day}T${hour}:${minute}:${second}Z`)
  return Number.isNaN(time) ? undefined : time
}
