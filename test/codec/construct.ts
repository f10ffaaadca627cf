import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { XmlDocument, XsdValidator } from 'libxml2-wasm'
import { BodyCodec } from '../../src/codec/body.js'
import { XmlText } from '../../src/codec/codec.js'
import { Compiler } from '../../src/codec/compile.js'
import { JsonText } from '../../src/codec/json/text.js'
import { Prefixes } from '../../src/codec/prefixes.js'
import { parseJson, restoreExactNumbers } from '../../src/json/parse.js'
import { isJsonObject, type JsonValue } from '../../src/json/value.js'
import { CanonicalMappings } from '../../src/mapping/canonical/canonical.js'
import { bodyOf } from '../../src/mapping/operation/message/body.js'
import { loadWsdl } from '../../src/wsdl/load.js'
import { XmlReader } from '../../src/xml/reader.js'

/** Both directions of the element `m` of a schema, on its canonical mapping, with libxml2 as judge of what we write. */
export interface Construct {
  /** @param sent makes of a text of the body what is encoded; by default it is encoded as it is */
  encode(json: string, sent?: (text: string) => JsonValue): string
  decode(xml: string): string
  /** @returns what libxml2 holds against the element, nothing where it is valid */
  judge(xml: string): string[]
}

/**
 * @param declarations top-level declarations of a schema with the target namespace `urn:t` (prefix `t`), qualified;
 *   one of them declares the element `m`
 */
export function construct(declarations: string, attributes = 'elementFormDefault="qualified"'): Construct {
  const schema = `<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:t="urn:t" targetNamespace="urn:t" ${attributes}>${declarations}</xs:schema>`
  const directory = mkdtempSync(join(tmpdir(), 'construct-'))
  try {
    const file = join(directory, 'm.wsdl')
    writeFileSync(file, wsdlAround(schema))
    const { wsdl, diagnostics } = loadWsdl(file, { root: directory, cwd: directory })
    const errors = diagnostics.filter((diagnostic) => diagnostic.severity === 'error')
    if (!wsdl || errors.length > 0) throw new Error(JSON.stringify(errors))
    const [binding] = wsdl.bindings.values()
    const input = binding?.operations[0]?.input
    if (!input) throw new Error('no operation')
    const body = bodyOf(input, new CanonicalMappings(wsdl.schemas))
    const compiler = new Compiler(new Prefixes())
    const codec = new BodyCodec(body, compiler)
    return {
      encode(json, sent = (text) => text) {
        const parsed = parseJson(json)
        restoreExactNumbers(parsed.exact)
        const value = withTexts(parsed.value as JsonValue, sent)
        if (!isJsonObject(value)) throw new Error('the body is an object')
        const out = new XmlText()
        codec.encode(value, out)
        const declared = compiler.declarations(body)
        return out.text.replace(/^<([\w:.-]+)/, `<$1${declared}`)
      },
      decode(xml) {
        const reader = new XmlReader(`<b>${xml}</b>`)
        reader.nextElement()
        const out = new JsonText()
        codec.decode(reader, out, reader.nextElement())
        reader.end()
        return out.text
      },
      judge: (xml) => judge(schema, xml),
    }
  } finally {
    rmSync(directory, { recursive: true })
  }
}

function withTexts(value: JsonValue, sent: (text: string) => JsonValue): JsonValue {
  if (typeof value === 'string') return sent(value)
  if (Array.isArray(value)) return value.map((item: JsonValue) => withTexts(item, sent))
  if (!isJsonObject(value)) return value
  const members = Object.entries(value).map(([name, member = null]) => [name, withTexts(member, sent)])
  return Object.fromEntries(members) as JsonValue
}

function judge(schema: string, xml: string): string[] {
  using schemaDocument = XmlDocument.fromString(schema)
  using validator = XsdValidator.fromDoc(schemaDocument)
  using document = XmlDocument.fromString(xml)
  try {
    validator.validate(document)
    return []
  } catch (error) {
    return [String(error)]
  }
}

function wsdlAround(schema: string): string {
  return `<definitions xmlns="http://schemas.xmlsoap.org/wsdl/" xmlns:soap="http://schemas.xmlsoap.org/wsdl/soap/" xmlns:t="urn:t" targetNamespace="urn:t">
<types>${schema}</types>
<message name="In"><part name="p" element="t:m"/></message>
<portType name="P"><operation name="op"><input message="t:In"/></operation></portType>
<binding name="B" type="t:P"><soap:binding transport="http://schemas.xmlsoap.org/soap/http"/>
<operation name="op"><soap:operation soapAction=""/><input><soap:body use="literal"/></input></operation></binding>
<service name="S"><port name="P" binding="t:B"><soap:address location="http://localhost/"/></port></service>
</definitions>`
}
