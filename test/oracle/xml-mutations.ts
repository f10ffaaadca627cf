import { XmlDocument, XmlElement, type XmlNode } from 'libxml2-wasm'
import fc from './property.js'

/** One change to a document. */
export interface Mutation {
  readonly kind: 'drop' | 'twice' | 'swap' | 'text' | 'empty' | 'attribute' | 'rename'
  /** Chooses the element among those that can be changed so. */
  readonly at: number
  readonly text: string
}

export const mutations: fc.Arbitrary<Mutation> = fc.record({
  kind: fc.constantFrom('drop', 'twice', 'swap', 'text', 'empty', 'attribute', 'rename'),
  at: fc.nat(),
  text: fc.oneof(
    fc.constantFrom(
      '',
      ' ',
      '0',
      '-1',
      '1e3',
      'INF',
      'true',
      '2024-02-30',
      '2024-02-29',
      '2024-02-29Z',
      '24:00:00',
    ),
    fc.constantFrom(
      '2024-02-29T24:00:00',
      '2024-02-29T12:00:00.123456789+14:00',
      'é',
      'x'.repeat(300),
      '1.50',
      'AB',
    ),
    fc.stringMatching(/^[A-Za-z0-9.:+-]{1,12}$/),
  ),
})

/** @returns the envelope with the content of its soap:Body changed; the same text where nothing can be changed so */
export function mutate(envelope: string, { kind, at, text }: Mutation): string {
  const document = XmlDocument.fromString(envelope)
  try {
    const inside = "//*[ancestor::*[local-name()='Body']]"
    const pick = (xpath: string): XmlNode | undefined => {
      const found = document.find(xpath)
      return found[at % Math.max(1, found.length)]
    }
    const below = `${inside}[parent::*[local-name()!='Body']]`
    if (kind === 'attribute') {
      const attribute = pick(`${inside}/@*`)
      if (attribute && 'remove' in attribute) (attribute as { remove(): void }).remove()
      return document.toString({ format: false })
    }
    const element = pick(
      kind === 'text' || kind === 'empty'
        ? `${inside}[not(*)]`
        : kind === 'swap'
          ? `${below}[following-sibling::*]`
          : below,
    )
    if (!(element instanceof XmlElement)) return envelope
    const markup = element.toString({ format: false })
    const whole = document.toString({ format: false })
    const start = whole.indexOf(markup)
    if (start < 0) return envelope
    const rest = whole.slice(start + markup.length)
    const head = whole.slice(0, start)
    const open = /^<([^\s/>]+)([^>]*?)\/?>/.exec(markup)
    const [, name = '', attributes = ''] = open ?? []
    switch (kind) {
      case 'drop':
        return head + rest
      case 'twice':
        return head + markup + markup + rest
      case 'text':
        return `${head}<${name}${attributes}>${text}</${name}>${rest}`
      case 'empty':
        return `${head}<${name}${attributes}/>${rest}`
      case 'rename':
        return `${head}${markup.replaceAll(name, `${name}X`)}${rest}`
      case 'swap': {
        let next = element.next
        while (next && !(next instanceof XmlElement)) next = next.next
        const sibling = next?.toString({ format: false }) ?? ''
        const offset = rest.indexOf(sibling)
        return head + sibling + rest.slice(0, offset) + markup + rest.slice(offset + sibling.length)
      }
    }
  } finally {
    document.dispose()
  }
}
