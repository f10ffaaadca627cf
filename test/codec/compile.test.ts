import { expect, test } from 'vitest'
import type { QName } from '../../src/base/qname.js'
import { XmlText } from '../../src/codec/codec.js'
import { Compiler } from '../../src/codec/compile.js'
import { JsonText } from '../../src/codec/json/text.js'
import type { ObjectCodec } from '../../src/codec/objects/object.js'
import { Prefixes } from '../../src/codec/prefixes.js'
import { scalar } from '../../src/mapping/canonical/scalar.js'
import type {
  ElementMapping,
  ObjectMapping,
  ValueMapping,
} from '../../src/mapping/canonical/value-mapping.js'
import { XmlReader } from '../../src/xml/reader.js'
import { builtInType } from '../../src/xsd/model/built-in-types.js'
import { madeType } from '../../src/xsd/model/made-type.js'

const at = { file: 'm.xsd', line: 1 }

function element(localName: string, value: ValueMapping): ElementMapping {
  return {
    ...{ kind: 'element', name: { namespace: '', localName }, minOccurs: 0, maxOccurs: 1, nillable: false },
    ...{ flattened: false, value, at },
    member: { name: localName, hidden: false, required: false, nullable: false },
  }
}

function object(...particles: ElementMapping[]): ObjectMapping {
  const type = madeType('sequence', [], at)
  const content = { kind: 'sequence' as const, minOccurs: 1, maxOccurs: 1, particles }
  return { kind: 'object', type, attributes: [], content }
}

/** Ten types, each with one element of the next: `e0` of `e1`, and so on. */
function chain(): ObjectMapping {
  let next = object(element('e9', scalar(builtInType('string'))))
  for (let index = 8; index >= 0; index--) next = object(element(`e${index}`, next))
  return next
}

/** Tells which elements have been compiled. */
class SeenPrefixes extends Prefixes {
  readonly seen: string[] = []

  override qualified(name: QName): string {
    this.seen.push(name.localName)
    return super.qualified(name)
  }
}

const openings = { open: '<m', close: '</m>', localName: 'm', name: '{}m' }

function encoded(codec: ObjectCodec, json: Parameters<ObjectCodec['encode']>[0]): string {
  const out = new XmlText()
  codec.encode(json, out, openings)
  return out.text
}

function decoded(codec: ObjectCodec, xml: string): string {
  const reader = new XmlReader(xml)
  reader.nextElement()
  const out = new JsonText()
  codec.decode(reader, out)
  return out.text
}

test('compiles of a type what a message has, and no more', () => {
  const prefixes = new SeenPrefixes()
  const codec = new Compiler(prefixes).object(chain())
  expect(prefixes.seen).toEqual([])
  expect(encoded(codec, { e0: { e1: {} } })).toBe('<m><e0><e1></e1></e0></m>')
  expect(prefixes.seen).toEqual(['e0', 'e1', 'e2'])
  expect(decoded(codec, '<m><e0><e1><e2/></e1></e0></m>')).toBe('{"e0":{"e1":{"e2":{}}}}')
  expect(prefixes.seen).toEqual(['e0', 'e1', 'e2', 'e3'])
})

test('a warm-up compiles all that codecs lead to, once', () => {
  const prefixes = new SeenPrefixes()
  const compiler = new Compiler(prefixes)
  const mapping = chain()
  const codec = compiler.object(mapping)
  compiler.warmUp()
  expect(prefixes.seen).toHaveLength(10)
  compiler.warmUp()
  expect(encoded(codec, { e0: {} })).toBe('<m><e0></e0></m>')
  expect(compiler.object(mapping)).toBe(codec)
  expect(prefixes.seen).toHaveLength(10)
})
