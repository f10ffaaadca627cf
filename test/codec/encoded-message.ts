import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { BodyCodec } from '../../src/codec/body.js'
import { XmlText } from '../../src/codec/codec.js'
import { Compiler } from '../../src/codec/compile.js'
import { JsonText } from '../../src/codec/json/text.js'
import { Prefixes } from '../../src/codec/prefixes.js'
import { parseJson, restoreExactNumbers } from '../../src/json/parse.js'
import { isJsonObject, type JsonValue } from '../../src/json/value.js'
import { CanonicalMappings } from '../../src/mapping/canonical/canonical.js'
import type { ContentMapping, ObjectMapping } from '../../src/mapping/canonical/value-mapping.js'
import { bodyOf } from '../../src/mapping/operation/message/body.js'
import { sampleObject } from '../../src/mapping/sample/sample.js'
import { type EncodingOptions, strictEncoding } from '../../src/soap/encoding/message.js'
import { loadWsdl } from '../../src/wsdl/load.js'
import { XmlReader } from '../../src/xml/reader.js'

/** Both directions of an rpc/encoded message, wrapper `{urn:rpc}op`, on its canonical mapping. */
export interface EncodedMessage {
  encode(json: string): string
  /** @param body the children of soap:Body */
  decode(body: string, options?: Partial<EncodingOptions>): string
  /** The same, with one codec for all messages. */
  decoder(options?: Partial<EncodingOptions>): (body: string) => string
  /** Encodes a sample and decodes it again. */
  sample(optionals: 'all' | 'none'): { readonly json: string; readonly again: string }
  readonly warnings: readonly string[]
  /** Namespaces by the prefixes that we give them. */
  readonly declared: ReadonlyMap<string, string>
}

export interface MessageSource {
  /** Top-level definitions of a schema with the target namespace `urn:t` (prefix `t`). */
  readonly schema?: string
  readonly parts: Readonly<Record<string, string>>
  /** JSON members of parts that the contract lets be null. */
  readonly nullable?: readonly string[]
  /** JSON members of parts that the contract leaves out. */
  readonly hidden?: readonly string[]
  readonly version?: '1.1' | '1.2'
}

export const declarations =
  'xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" ' +
  'xmlns:xsd="http://www.w3.org/2001/XMLSchema" xmlns:soapenc="http://schemas.xmlsoap.org/soap/encoding/" ' +
  'xmlns:enc="http://www.w3.org/2003/05/soap-encoding" xmlns:apache="http://xml.apache.org/xml-soap" xmlns:t="urn:t" xmlns:r="urn:rpc"'

export function encodedMessage(source: MessageSource): EncodedMessage {
  const directory = mkdtempSync(join(tmpdir(), 'encoded-'))
  try {
    const file = join(directory, 'm.wsdl')
    writeFileSync(file, wsdlOf(source))
    const { wsdl, diagnostics } = loadWsdl(file, { root: directory, cwd: directory })
    const errors = diagnostics.filter((diagnostic) => diagnostic.severity === 'error')
    const [binding] = wsdl?.bindings.values() ?? []
    const input = binding?.operations[0]?.input
    if (!wsdl || !input || errors.length > 0) throw new Error(JSON.stringify(diagnostics))
    const canonical = bodyOf(input, new CanonicalMappings(wsdl.schemas))
    const body = { ...canonical, object: fitted(canonical.object, source) }
    const prefixes = new Prefixes()
    const codecOf = (options: Partial<EncodingOptions> = {}) =>
      new BodyCodec(
        body,
        new Compiler(prefixes, { complete: false, encoding: { ...strictEncoding, ...options } }),
      )
    const encode = (json: string): string => {
      const parsed = parseJson(json)
      restoreExactNumbers(parsed.exact)
      const value = parsed.value as JsonValue
      if (!isJsonObject(value)) throw new Error('the body is an object')
      const out = new XmlText()
      codecOf().encode(value, out)
      return out.text
    }
    const decoder = (options?: Partial<EncodingOptions>) => {
      const codec = codecOf(options)
      return (xml: string): string => decodeWith(codec, xml)
    }
    const decodeWith = (codec: BodyCodec, xml: string): string => {
      const declared = new Compiler(prefixes)
        .declarations(body)
        .replace(/ xmlns:(?:xsi|xsd|soapenc|enc)="[^"]*"/g, '')
      const reader = new XmlReader(
        `<soap:Envelope ${declarations}${declared}><soap:Body>${xml}</soap:Body></soap:Envelope>`,
      )
      reader.nextElement()
      reader.nextElement()
      const out = new JsonText()
      codec.decode(reader, out, reader.nextElement())
      reader.nextElement()
      reader.end()
      return out.text
    }
    const decode = (xml: string, options?: Partial<EncodingOptions>): string => decoder(options)(xml)
    return {
      encode,
      decode,
      decoder,
      sample(optionals) {
        const json = JSON.stringify(sampleObject(body.object, { optionals, complete: false }))
        return { json, again: decode(encode(json)) }
      },
      declared: new Map(
        [...new Compiler(prefixes).declarations(body).matchAll(/ xmlns:(\w+)="([^"]*)"/g)].map(
          ([, prefix = '', uri = '']) => [prefix, uri],
        ),
      ),
      warnings: diagnostics.map(({ code, message }) => `${code}: ${message}`),
    }
  } finally {
    rmSync(directory, { recursive: true })
  }
}

/** What a contract does that allows null for members, or leaves them out. */
function fitted(object: ObjectMapping, { nullable = [], hidden = [] }: MessageSource): ObjectMapping {
  const fit = (content: ContentMapping): ContentMapping => {
    if (content.kind === 'any') return content
    if (content.kind !== 'element') return { ...content, particles: content.particles.map(fit) }
    const { value, member } = content
    const own = {
      ...member,
      nullable: member.nullable || nullable.includes(member.name),
      hidden: member.hidden || hidden.includes(member.name),
    }
    if (value.kind === 'array' && nullable.includes(`${member.name}[]`)) {
      const item = { ...value.item, member: { ...value.item.member, nullable: true } }
      return { ...content, member: own, value: { ...value, item } }
    }
    return { ...content, member: own }
  }
  return { ...object, ...(object.content && { content: fit(object.content) }) }
}

function wsdlOf({ schema = '', parts, version = '1.1' }: MessageSource): string {
  const soap =
    version === '1.1' ? 'http://schemas.xmlsoap.org/wsdl/soap/' : 'http://schemas.xmlsoap.org/wsdl/soap12/'
  const style =
    version === '1.1'
      ? 'http://schemas.xmlsoap.org/soap/encoding/'
      : 'http://www.w3.org/2003/05/soap-encoding'
  const all = Object.entries(parts).map(([name, type]) => `<part name="${name}" type="${type}"/>`)
  return `<definitions xmlns="http://schemas.xmlsoap.org/wsdl/" xmlns:s="${soap}" xmlns:wsdl="http://schemas.xmlsoap.org/wsdl/" ${declarations} targetNamespace="urn:t">
<types><xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="urn:t" elementFormDefault="qualified">
<xs:import namespace="http://schemas.xmlsoap.org/soap/encoding/"/>${schema}</xs:schema></types>
<message name="In">${all.join('')}</message>
<portType name="P"><operation name="op"><input message="t:In"/></operation></portType>
<binding name="B" type="t:P"><s:binding style="rpc" transport="http://schemas.xmlsoap.org/soap/http"/>
<operation name="op"><s:operation soapAction=""/><input><s:body use="encoded" namespace="urn:rpc" encodingStyle="${style}"/></input></operation></binding>
<service name="S"><port name="P" binding="t:B"><s:address location="http://localhost/"/></port></service>
</definitions>`
}
