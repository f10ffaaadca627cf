import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { clark } from '../../src/base/qname.js'
import { BodyCodec } from '../../src/codec/body.js'
import { XmlText } from '../../src/codec/codec.js'
import { Compiler } from '../../src/codec/compile.js'
import { JsonText } from '../../src/codec/json/text.js'
import { Prefixes } from '../../src/codec/prefixes.js'
import { parseJson } from '../../src/json/parse.js'
import type { JsonObject } from '../../src/json/value.js'
import { CanonicalMappings } from '../../src/mapping/canonical/canonical.js'
import { valuesWithin } from '../../src/mapping/canonical/content-walk.js'
import { isSwaRef } from '../../src/mapping/canonical/swa-ref.js'
import type { BodyMapping } from '../../src/mapping/operation/mapping.js'
import { bodyOf } from '../../src/mapping/operation/message/body.js'
import { sampleObject } from '../../src/mapping/sample/sample.js'
import { contractRoot } from '../../src/wsdl/contract-root.js'
import { loadWsdl } from '../../src/wsdl/load.js'
import { XmlReader } from '../../src/xml/reader.js'

/** Messages with use="encoded" name it. */
const SOAP = 'http://schemas.xmlsoap.org/soap/envelope/'
const corpus = fileURLToPath(new URL('../../../shared/corpus/', import.meta.url))
const reason = existsSync(corpus) ? '' : `there is no ${corpus}`
if (reason !== '') console.warn(`round trip: skipped: ${reason}`)

function hasReferences(mapping: BodyMapping): boolean {
  return [...valuesWithin([mapping.object])].some((value) => value.kind === 'scalar' && isSwaRef(value))
}

function hasDefaults(mapping: BodyMapping): boolean {
  return [...valuesWithin([mapping.object])].some(
    (value) =>
      value.kind === 'object' &&
      value.attributes.some((attribute) => (attribute.default ?? attribute.fixed) !== undefined),
  )
}

/** JSON to the XML of a body and back, with the codecs of requests and of responses. */
class Wire {
  readonly #codec: BodyCodec
  readonly #declarations: string

  constructor(mapping: BodyMapping) {
    const compiler = new Compiler(new Prefixes(), { complete: true })
    this.#codec = new BodyCodec(mapping, compiler)
    this.#declarations = compiler.declarations(mapping)
  }

  write(object: JsonObject): string {
    const out = new XmlText()
    this.#codec.encode(object, out)
    return `<soap:Body xmlns:soap="${SOAP}"${this.#declarations}>${out.whole}</soap:Body>`
  }

  read(xml: string): JsonObject {
    const reader = new XmlReader(xml)
    reader.nextElement()
    const out = new JsonText()
    this.#codec.decode(reader, out, reader.nextElement())
    return parseJson(out.text).value as JsonObject
  }
}

it.skipIf(reason !== '')(
  'what a message of the corpus says is sent again as it came',
  { timeout: 600_000 },
  () => {
    let messages = 0
    let characters = 0
    let defaulted = 0
    const changed: string[] = []
    const files = readdirSync(corpus, { recursive: true, encoding: 'utf8' }).filter((file) =>
      file.endsWith('.wsdl'),
    )
    for (const file of files.sort()) {
      const { wsdl } = loadWsdl(join(corpus, file), { root: contractRoot(join(corpus, file)) })
      if (!wsdl) continue
      const canonical = new CanonicalMappings(wsdl.schemas)
      const seen = new Set<string>()
      for (const { operations } of wsdl.bindings.values()) {
        for (const { name, input, output } of operations) {
          for (const message of [input, ...(output ? [output] : [])]) {
            const key = `${name} ${message.body.map((part) => clark(part.name)).join(' ')}`
            if (seen.has(key)) continue
            seen.add(key)
            const mapping = bodyOf(message, canonical)
            const wire = new Wire(mapping)
            for (const optionals of ['all', 'none'] as const) {
              const sample = sampleObject(mapping.object, { optionals, complete: true })
              // What swaRef refers to is a part of the message, which is not here.
              if (!sample || hasReferences(mapping)) continue
              const came = wire.write(sample)
              const again = wire.write(wire.read(came))
              messages++
              characters += came.length
              // The default or fixed value of an attribute that is absent is written out, which means the same (Part 1, 3.4.4).
              const isSame =
                again === came || (hasDefaults(mapping) && wire.write(wire.read(again)) === again)
              if (again !== came) defaulted++
              if (!isSame) changed.push(`${file} ${key} ${optionals}`)
            }
          }
        }
      }
    }
    console.log(
      `round trip: ${messages - changed.length} of ${messages} messages, ${characters} characters; ${defaulted} with defaults`,
    )
    expect(changed).toEqual([])
    expect(messages).toBeGreaterThan(1_500)
    expect(defaulted).toBeLessThan(messages / 50)
  },
)
