/** One element of DER (ITU-T X.690, section 8.1). */
export interface DerElement {
  readonly tag: number
  readonly content: Buffer
  /** Of the element that follows. */
  readonly next: number
}

/** @returns undefined past the end, and for lengths that do not fit */
export function derElement(der: Buffer, offset: number): DerElement | undefined {
  const tag = der[offset]
  const first = der[offset + 1]
  if (tag === undefined || first === undefined) return undefined
  const lengthBytes = first < 0x80 ? 0 : first & 0x7f
  if (lengthBytes > 4 || offset + 2 + lengthBytes > der.length) return undefined
  const length = lengthBytes === 0 ? first : der.readUIntBE(offset + 2, lengthBytes)
  const start = offset + 2 + lengthBytes
  if (first === 0x80 || start + length > der.length) return undefined
  return { tag, content: der.subarray(start, start + length), next: start + length }
}

export function derElements(content: Buffer): DerElement[] {
  const elements: DerElement[] = []
  for (let element = derElement(content, 0); element; element = derElement(content, element.next)) {
    elements.push(element)
  }
  return elements
}
