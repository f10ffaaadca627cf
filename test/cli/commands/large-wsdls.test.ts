import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { Soapstone } from '../soapstone.js'

/** What a WSDL may ask for that nobody can give, and what is only large: each ends, within 1 GB, in words of ours. */

const times = (count: number, make: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => make(index)).join('')
const element = (name: string, type = 'xs:int', rest = ''): string =>
  `<xs:element name="${name}" type="${type}" ${rest}/>`
const sequence = (name: string, content: string): string =>
  `<xs:complexType name="${name}"><xs:sequence>${content}</xs:sequence></xs:complexType>`
const simple = (name: string, content: string): string =>
  `<xs:simpleType name="${name}">${content}</xs:simpleType>`
const message = (content: string): string =>
  `<xs:element name="m"><xs:complexType>${content}</xs:complexType></xs:element>`
const ofSequence = (content: string): string => message(`<xs:sequence>${content}</xs:sequence>`)
const thousand = 'minOccurs="1000" maxOccurs="1000"'
const text = (facets: string): string =>
  simple('S', `<xs:restriction base="xs:string">${facets}</xs:restriction>`)

const longList =
  simple('I', '<xs:list itemType="xs:int"/>') +
  simple('L', '<xs:restriction base="t:I"><xs:length value="1000000000"/></xs:restriction>')
/** One member that is XML as it stands. */
const mixed = (content: string): string =>
  `<xs:complexType name="X" mixed="true"><xs:sequence>${content}</xs:sequence></xs:complexType>` +
  ofSequence(element('a', 't:X'))

interface Shape {
  readonly name: string
  readonly schema: string
  /** Whether a sample of it can be made. */
  readonly hasSample: boolean
}

const shapes: readonly Shape[] = [
  {
    name: 'minOccurs of a thousand million',
    schema: ofSequence(element('a', 'xs:int', 'minOccurs="1000000000" maxOccurs="unbounded"')),
    hasSample: false,
  },
  {
    name: 'three times a thousand within each other',
    schema:
      sequence('C', element('c', 'xs:int', thousand)) +
      sequence('B', element('b', 't:C', thousand)) +
      ofSequence(element('a', 't:B', thousand)),
    hasSample: false,
  },
  {
    name: 'groups of a thousand within each other',
    schema: ofSequence(
      `<xs:sequence ${thousand}><xs:sequence ${thousand}><xs:sequence ${thousand}>${element('a')}${element('b')}</xs:sequence></xs:sequence></xs:sequence>`,
    ),
    hasSample: false,
  },
  {
    name: 'a thousand million wildcards',
    schema: ofSequence('<xs:any minOccurs="1000000000" maxOccurs="unbounded"/>'),
    hasSample: false,
  },
  {
    name: 'a text of a thousand million characters',
    schema: text('<xs:minLength value="1000000000"/>') + ofSequence(element('a', 't:S')),
    hasSample: false,
  },
  {
    name: 'an optional one',
    schema: text('<xs:minLength value="1000000000"/>') + ofSequence(element('a', 't:S', 'minOccurs="0"')),
    hasSample: true,
  },
  {
    name: 'types that each name the next twice',
    schema:
      times(25, (i) => sequence(`T${i}`, element('a', `t:T${i + 1}`) + element('b', `t:T${i + 1}`))) +
      sequence('T25', element('v')) +
      ofSequence(element('a', 't:T0')),
    hasSample: false,
  },
  {
    name: 'the same, optional',
    schema:
      times(25, (i) =>
        sequence(
          `T${i}`,
          element('a', `t:T${i + 1}`, 'minOccurs="0"') + element('b', `t:T${i + 1}`, 'minOccurs="0"'),
        ),
      ) +
      sequence('T25', element('v')) +
      ofSequence(element('a', 't:T0')),
    hasSample: true,
  },
  {
    name: '20,000 groups of a pattern within each other',
    schema:
      text(`<xs:pattern value="${'('.repeat(20_000)}a${')'.repeat(20_000)}"/>`) +
      ofSequence(element('a', 't:S')),
    hasSample: true,
  },
  {
    name: '9,000 of them',
    schema:
      text(`<xs:pattern value="${'('.repeat(9000)}a${')'.repeat(9000)}"/>`) + ofSequence(element('a', 't:S')),
    hasSample: true,
  },
  {
    name: 'unions that each name the next twice',
    schema:
      times(25, (i) => simple(`U${i}`, `<xs:union memberTypes="t:U${i + 1} t:U${i + 1}"/>`)) +
      simple('U25', '<xs:restriction base="xs:int"/>') +
      ofSequence(element('a', 't:U0')),
    hasSample: true,
  },
  {
    name: '200,000 values of an enumeration',
    schema: text(times(200_000, (i) => `<xs:enumeration value="v${i}"/>`)) + ofSequence(element('a', 't:S')),
    hasSample: true,
  },
  {
    name: '4,000 optional members',
    schema: ofSequence(times(4000, (i) => element(`a${i}`, 'xs:string', 'minOccurs="0"'))),
    hasSample: true,
  },
  {
    name: '5,000 substitutions',
    schema:
      element('h', 'xs:string', 'abstract="true"') +
      times(5000, (i) => element(`s${i}`, 'xs:string', 'substitutionGroup="t:h"')) +
      ofSequence('<xs:element ref="t:h"/>'),
    hasSample: true,
  },
  {
    name: 'a list of a thousand million',
    schema: longList + ofSequence(element('a', 't:L')),
    hasSample: false,
  },
  {
    name: 'an optional list of as many',
    schema: longList + ofSequence(element('a', 't:L', 'minOccurs="0"')),
    hasSample: true,
  },
  {
    name: '500 members in any order',
    schema: message(`<xs:all>${times(500, (i) => element(`a${i}`, 'xs:string'))}</xs:all>`),
    hasSample: true,
  },
  {
    name: '1,000 types',
    schema:
      times(1000, (i) => sequence(`T${i}`, element('v') + element('w', 'xs:string', 'minOccurs="0"'))) +
      ofSequence(times(1000, (i) => element(`a${i}`, `t:T${i}`, 'minOccurs="0"'))),
    hasSample: true,
  },
  {
    name: 'mixed content with a thousand million elements',
    schema: mixed(element('b', 'xs:int', 'minOccurs="1000000000" maxOccurs="unbounded"')),
    hasSample: false,
  },
  {
    name: 'mixed content of types that each name the next twice',
    schema:
      times(25, (i) => sequence(`T${i}`, element('a', `t:T${i + 1}`) + element('b', `t:T${i + 1}`))) +
      sequence('T25', element('v')) +
      mixed(element('b', 't:T0')),
    hasSample: false,
  },
  {
    name: 'mixed content of choices whose branches are all too large',
    schema:
      times(25, (i) =>
        sequence(
          `T${i}`,
          `<xs:choice>${element('a', `t:T${i + 1}`, thousand)}${element('b', `t:T${i + 1}`, thousand)}</xs:choice>`,
        ),
      ) +
      sequence('T25', element('v')) +
      mixed(element('b', 't:T0')),
    hasSample: false,
  },
]

/** Of each the operation is left out, for a reason that names what is wrong. */
const refused: readonly { readonly name: string; readonly schema: string; readonly code: string }[] = [
  {
    name: 'groups that each name the next twice',
    schema: `${times(25, (i) => `<xs:group name="G${i}"><xs:sequence><xs:group ref="t:G${i + 1}"/><xs:group ref="t:G${i + 1}"/></xs:sequence></xs:group>`)}<xs:group name="G25"><xs:sequence>${element('v')}</xs:sequence></xs:group>${ofSequence('<xs:group ref="t:G0"/>')}`,
    code: 'xsd-too-large',
  },
  {
    name: 'a group that contains itself',
    schema: `<xs:group name="G"><xs:sequence>${element('a')}<xs:group ref="t:G" minOccurs="0"/></xs:sequence></xs:group>${ofSequence('<xs:group ref="t:G"/>')}`,
    code: 'xsd-circular',
  },
  {
    name: 'types that derive from each other, 3,000 deep',
    schema: `${sequence('D0', element('x'))}${times(3000, (i) => `<xs:complexType name="D${i + 1}"><xs:complexContent><xs:extension base="t:D${i}"/></xs:complexContent></xs:complexType>`)}${ofSequence(element('a', 't:D3000'))}`,
    code: 'xsd-too-deep',
  },
]

const folder = mkdtempSync(join(tmpdir(), 'large-'))
const soapstone = new Soapstone('large')
afterAll(() => {
  soapstone.dispose()
  rmSync(folder, { recursive: true })
})

/** Within 1 GB; the time is that of any test. */
async function run(
  command: readonly string[],
  stdin = '',
): Promise<{ readonly code: number | null; readonly said: string; readonly stdout: string }> {
  const env = { NODE_OPTIONS: '--max-old-space-size=1024' }
  const { code, stdout, stderr } = await soapstone.run(command, { cwd: folder, env, stdin })
  return { code, said: stdout.slice(0, 1000) + stderr, stdout }
}

function write(name: string, schema: string): string {
  const file = `${name.replaceAll(/\W+/g, '-')}.wsdl`
  writeFileSync(
    join(folder, file),
    `<definitions xmlns="http://schemas.xmlsoap.org/wsdl/" xmlns:soap="http://schemas.xmlsoap.org/wsdl/soap/" xmlns:t="urn:t" targetNamespace="urn:t">
<types><xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="urn:t" elementFormDefault="qualified">${schema}</xs:schema></types>
<message name="M"><part name="p" element="t:m"/></message>
<portType name="P"><operation name="createThing"><input message="t:M"/><output message="t:M"/></operation></portType>
<binding name="B" type="t:P"><soap:binding transport="http://schemas.xmlsoap.org/soap/http"/><operation name="createThing"><soap:operation soapAction=""/><input><soap:body use="literal"/></input><output><soap:body use="literal"/></output></operation></binding>
<service name="S"><port name="P" binding="t:B"><soap:address location="http://localhost/"/></port></service></definitions>`,
  )
  return file
}

describe('a WSDL that asks for', () => {
  test.each(shapes)(
    '$name is imported, checked, and has a sample or says that it has none',
    async ({ name, schema, hasSample }) => {
      const wsdl = write(name, schema)
      const contract = wsdl.replace('.wsdl', '.json')
      expect(await run(['import', wsdl, '--json', '--output', contract])).toMatchObject({ code: 0 })
      expect(await run(['check', contract])).toMatchObject({ code: 0 })
      const { code, said, stdout } = await run(['sample', 'createThing', '--contract', contract])
      expect(said.includes('There is no sample')).toBe(!hasSample)
      expect(code).toBe(hasSample ? 0 : 1)
      if (hasSample)
        expect(await run(['encode', 'createThing', '--contract', contract], stdout)).toMatchObject({
          code: 0,
        })
    },
    120_000,
  )

  test('5,000 types of which each contains the next is imported and can be served', async () => {
    const schema =
      times(5000, (i) => sequence(`C${i}`, element('n', `t:C${i + 1}`))) +
      sequence('C5000', element('v')) +
      ofSequence(element('a', 't:C0'))
    const wsdl = write('chain', schema)
    expect(await run(['import', wsdl, '--json', '--output', 'chain.json'])).toMatchObject({ code: 0 })
    expect(await run(['check', 'chain.json'])).toMatchObject({ code: 0 })
  }, 120_000)

  test('5,000 sequences within each other is refused as XML', async () => {
    const nested = message('<xs:sequence>'.repeat(5000) + element('a') + '</xs:sequence>'.repeat(5000))
    const { code, said } = await run(['import', write('nested', nested), '--output', 'nested.yaml'])
    expect(said).toContain('error xml-limit:')
    expect(code).toBe(1)
  })

  test.each(refused)('$name is refused', async ({ name, schema, code }) => {
    const { code: exit, said } = await run(['import', write(name, schema), '--output', 'refused.yaml'])
    expect(said).toContain('error import-no-port:')
    expect(said).toContain(`warning ${code}:`)
    expect(exit).toBe(1)
  })
})
