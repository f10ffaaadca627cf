import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { type Adapter, compileContract } from '../../../src/adapter/adapter.js'
import type { RestOperation } from '../../../src/adapter/rest.js'
import { textOf } from '../../../src/base/bytes/source.js'
import type { Diagnostic } from '../../../src/base/diagnostic/diagnostic.js'
import { judgeContract } from '../../../src/http/contract/judge-contract.js'
import { judgeDocument } from '../../../src/http/contract/judge-document.js'
import { type Imported, importWsdl } from '../../../src/tools/import/import.js'
import { refusals } from '../../../src/tools/import/own-check.js'

const folder = mkdtempSync(join(tmpdir(), 'own-'))
afterAll(() => {
  rmSync(folder, { recursive: true })
})

interface Parts {
  readonly types: string
  readonly operation: string
  readonly faults?: readonly (readonly [name: string, part: string])[]
  readonly style?: 'rpc' | 'document'
  readonly ports?: readonly string[]
  readonly imports?: string
}

const wsdl = ({
  types,
  operation,
  faults = [],
  style = 'document',
  ports = ['Q'],
  imports = '',
}: Parts): string => {
  const body =
    style === 'rpc'
      ? '<s:body use="encoded" namespace="urn:t" encodingStyle="http://schemas.xmlsoap.org/soap/encoding/"/>'
      : '<s:body use="literal"/>'
  return `<definitions xmlns="http://schemas.xmlsoap.org/wsdl/" xmlns:s="http://schemas.xmlsoap.org/wsdl/soap/"
  xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:m="http://www.w3.org/2005/05/xmlmime" xmlns:t="urn:t" targetNamespace="urn:t">
<types><xs:schema targetNamespace="urn:t" elementFormDefault="qualified">${imports}<xs:complexType name="Empty"/>${types}</xs:schema></types>
<message name="I">${style === 'rpc' ? '' : '<part name="p" element="t:In"/>'}</message>
<message name="O">${style === 'rpc' ? '' : '<part name="p" element="t:Out"/>'}</message>
${faults.map(([name, part]) => `<message name="${name}">${part}</message>`).join('')}
<portType name="P"><operation name="${operation}"><input message="t:I"/><output message="t:O"/>${faults
    .map(([name]) => `<fault name="${name}" message="t:${name}"/>`)
    .join('')}</operation></portType>
<binding name="B" type="t:P"><s:binding style="${style}" transport="http://schemas.xmlsoap.org/soap/http"/>
<operation name="${operation}"><s:operation soapAction="a"/><input>${body}</input><output>${body}</output>${faults
    .map(
      ([name]) =>
        `<fault name="${name}"><s:fault name="${name}" ${style === 'rpc' ? body.slice('<s:body '.length, -2) : 'use="literal"'}/></fault>`,
    )
    .join('')}</operation></binding>
<service name="S">${ports.map((port) => `<port name="${port}" binding="t:B"><s:address location="http://127.0.0.1:1/x"/></port>`).join('')}</service>
</definitions>`
}

const sequence = (content: string): string =>
  `<xs:complexType><xs:sequence>${content}</xs:sequence></xs:complexType>`
const inAndOut = (input: string, output = '<xs:element name="x" type="xs:string"/>'): string =>
  `<xs:element name="In">${sequence(input)}</xs:element><xs:element name="Out">${sequence(output)}</xs:element>`

let number = 0
async function imported(
  parts: Parts,
): Promise<{ made: Imported; adapter: Adapter; operation: RestOperation }> {
  const path = join(folder, `w${number++}.wsdl`)
  writeFileSync(path, wsdl(parts))
  const made = await importWsdl(path, { baseDir: folder })
  expect(made.diagnostics.filter(({ severity }) => severity === 'error')).toEqual([])
  const adapter = compileContract({ contract: made.document, baseDir: folder, env: {} })
  const [operation] = adapter.operations.values()
  if (!operation) throw new Error('no operation')
  for (const optionals of ['all', 'none'] as const) {
    operation.encode(operation.sample({ optionals }))
    operation.decode(operation.sampleResponse({ optionals }))
  }
  return { made, adapter, operation }
}

const soap = (body: string): string =>
  `<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:t="urn:t"><e:Body>${body}</e:Body></e:Envelope>`
const answer = (operation: RestOperation, body: string, status = 200): { status: number; body: string } => {
  const headers = { 'content-type': 'text/xml; charset=utf-8' }
  const response = operation.decode({ status, headers, body: soap(body) })
  return { status: response.status, body: textOf([response.body as string]) }
}
const fault = (detail: string): string =>
  `<e:Fault><faultcode>e:Server</faultcode><faultstring>x</faultstring><detail>${detail}</detail></e:Fault>`

describe('an element that holds nothing', () => {
  it.each([
    ['required', '<xs:element name="id" type="xs:string"/><xs:element name="all" type="t:Empty"/>', ['all']],
    [
      'optional',
      '<xs:element name="id" type="xs:string"/><xs:element name="all" type="t:Empty" minOccurs="0"/>',
      ['all'],
    ],
    ['alone', '<xs:element name="all" type="t:Empty"/>', ['all']],
    [
      'one of a choice',
      '<xs:element name="id" type="xs:string"/><xs:choice><xs:element name="a" type="t:Empty"/><xs:element name="b" type="t:Empty"/></xs:choice>',
      ['a', 'b'],
    ],
    [
      'in a group of scalars',
      `<xs:element name="page">${sequence('<xs:element name="size" type="xs:int"/><xs:element name="all" type="t:Empty"/>')}</xs:element>`,
      ['all'],
    ],
  ])('is sent: %s', async (_, input, members) => {
    const { operation } = await imported({ types: inAndOut(input), operation: 'GetThing' })
    const { body } = operation.encode(operation.sample({ optionals: 'all' }))
    const xml = textOf([body as string])
    expect(
      members.some((name) => new RegExp(`<(?:\\w+:)?${name}[ />]`).test(xml)),
      xml,
    ).toBe(true)
  })
})

describe('an element that holds nothing and may be absent', () => {
  const id = '<xs:element name="id" type="xs:string"/>'
  const flag = '<xs:element name="all" type="t:Empty" minOccurs="0"/>'
  const wrapped = `<xs:element name="page" minOccurs="0">${sequence(`<xs:element name="size" type="xs:int"/>${flag}`)}</xs:element>`

  it.each([
    ['by itself', id + flag, ['all']],
    ['in a group of scalars', id + wrapped, ['all']],
    [
      'in a choice',
      `${id}<xs:choice><xs:element name="a" type="t:Empty"/><xs:sequence><xs:element name="b" type="t:Empty"/><xs:element name="c" type="xs:int" minOccurs="0"/></xs:sequence></xs:choice>`,
      ['a', 'b'],
    ],
  ])('is a query parameter of a read: %s', async (_, input, names) => {
    const { made, operation } = await imported({ types: inAndOut(input), operation: 'GetThing' })
    const { paths } = made.document as {
      paths: Record<string, { get?: { parameters: { name: string; in: string; schema: unknown }[] } }>
    }
    const parameters = Object.values(paths)[0]?.get?.parameters
    for (const name of names) {
      expect(parameters).toContainEqual(
        expect.objectContaining({ name, in: 'query', schema: { type: 'boolean' } }),
      )
    }
    const first = names[0] ?? ''
    const others = Object.fromEntries(names.slice(1).map((name) => [name, 'false']))
    const said = (query: Record<string, string>): string =>
      textOf([
        operation.encode({
          path: { id: '1' },
          query: { ...(input.includes('size') && { size: '5' }), ...others, ...query },
          headers: {},
          body: null,
        }).body as string,
      ])
    expect(said({ [first]: 'true' })).toMatch(new RegExp(`<(?:\\w+:)?${first}[ />]`))
    if (names.length > 1) expect(() => said({ [first]: 'false' })).toThrow('no way to receive')
    else expect(said({ [first]: 'false' })).not.toMatch(new RegExp(`<(?:\\w+:)?${first}[ />]`))
  })

  it('is a name in a choice of such elements alone', async () => {
    const choice = `<xs:choice><xs:element name="Open" type="t:Empty"/><xs:element name="Closed" type="t:Empty"/></xs:choice>`
    const read = await imported({ types: inAndOut(id + choice), operation: 'GetThing' })
    const schema = { type: 'string', enum: ['Open', 'Closed'] }
    const [path] = Object.values(read.made.document.paths as Record<string, Record<string, object>>)
    expect(path?.get).toMatchObject({
      parameters: expect.arrayContaining([
        expect.objectContaining({ name: 'choice', in: 'query', required: true, schema }),
      ]) as unknown,
    })
    const sent = (query: Record<string, string>): string =>
      textOf([read.operation.encode({ path: { id: '1' }, query, headers: {}, body: null }).body as string])
    expect(sent({ choice: 'Closed' })).toMatch(/<(?:\w+:)?Closed[ />]/)
    expect(sent({ choice: 'Closed' })).not.toMatch(/Open|choice/)

    const written = await imported({ types: inAndOut(id, choice), operation: 'StoreThing' })
    expect(answer(written.operation, '<t:Out><t:Open/></t:Out>').body).toMatch(
      /^(?:"Open"|\{"choice":"Open"\})$/,
    )
    expect(() => answer(written.operation, '<t:Out/>')).toThrow('One of Open, Closed is missing')
  })

  it('is a boolean of bodies, and absent or false in responses as the contract asks', async () => {
    const { made, operation } = await imported({
      types: inAndOut(id, `<xs:element name="x" type="xs:string"/>${flag}`),
      operation: 'StoreThing',
    })
    expect(answer(operation, '<t:Out><t:x>1</t:x><t:all/></t:Out>').body).toBe('{"x":"1","all":true}')
    expect(answer(operation, '<t:Out><t:x>1</t:x></t:Out>').body).toBe('{"x":"1"}')
    const edited = (edit: (text: string) => string): RestOperation => {
      const contract = JSON.parse(edit(JSON.stringify(made.document))) as typeof made.document
      const [changed] = compileContract({ contract, baseDir: folder, env: {} }).operations.values()
      if (!changed) throw new Error('no operation')
      return changed
    }
    const promised = edited((text) => text.replace('"required":["x"]', '"required":["x","all"]'))
    expect(answer(promised, '<t:Out><t:x>1</t:x></t:Out>').body).toBe('{"x":"1","all":false}')
    const onlyTrue = edited((text) =>
      text
        .replace('"required":["x"]', '"required":["x","all"]')
        .replace('"all":{"type":"boolean"', '"all":{"type":"boolean","const":true'),
    )
    expect(() => answer(onlyTrue, '<t:Out><t:x>1</t:x></t:Out>')).toThrow('all is missing')
    const asObject = edited((text) => text.replace('"all":{"type":"boolean"', '"all":{"type":"object"'))
    expect(answer(asObject, '<t:Out><t:x>1</t:x><t:all/></t:Out>').body).toBe('{"x":"1","all":{}}')
  })
})

describe('a write whose only result is absent', () => {
  const result = `<xs:element name="result" minOccurs="0">${sequence('<xs:element name="n" type="xs:string" minOccurs="0"/>')}</xs:element>`

  it.each(['InsertLetter', 'DoSomething', 'UpdateThing', 'DeleteThing', 'CreateThing'])(
    'is a success: %s',
    async (name) => {
      const types = inAndOut('<xs:element name="itemId" type="xs:string"/>', result)
      const { operation, made } = await imported({ types, operation: name })
      const { status, body } = answer(operation, '<t:Out/>')
      expect([String(status).charAt(0), body]).toEqual(['2', 'null'])
      expect(answer(operation, '<t:Out><t:result><t:n>1</t:n></t:result></t:Out>').body).toBe('{"n":"1"}')
      expect(made.summary.decisions.join()).toContain(name)
    },
  )

  it('is nothing found where it reads', async () => {
    const types = inAndOut('<xs:element name="itemId" type="xs:string"/>', result)
    const { operation } = await imported({ types, operation: 'GetLetter' })
    expect(() => answer(operation, '<t:Out/>')).toThrow('nothing under these identifiers')
  })
})

describe('faults with one element', () => {
  const types = `${inAndOut('<xs:element name="id" type="xs:string"/>')}
    <xs:complexType name="A"><xs:sequence><xs:element name="m" type="xs:string"/></xs:sequence></xs:complexType>
    <xs:complexType name="B"><xs:complexContent><xs:extension base="t:A"><xs:sequence>
      <xs:element name="n" type="xs:int"/></xs:sequence></xs:extension></xs:complexContent></xs:complexType>
    <xs:element name="F" type="t:A" nillable="true"/>`

  it('of one type have one status', async () => {
    const { made, operation } = await imported({
      types,
      operation: 'GetThing',
      faults: [
        ['ThingNotFound', '<part name="f" element="t:F"/>'],
        ['AccessDenied', '<part name="f" element="t:F"/>'],
      ],
    })
    expect(made.summary.review.join()).toContain('ThingNotFound, AccessDenied')
    expect(answer(operation, fault('<t:F><t:m>x</t:m></t:F>'), 500).status).toBe(502)
  })

  it('of two types are told by xsi:type, in rpc', async () => {
    const { operation } = await imported({
      types,
      operation: 'getThing',
      style: 'rpc',
      faults: [
        ['InvalidInput', '<part name="fault" type="t:A"/>'],
        ['PermissionDenied', '<part name="fault" type="t:B"/>'],
      ],
    })
    const a = answer(operation, fault('<t:fault xsi:type="t:A"><m>x</m></t:fault>'), 500)
    expect([a.status, a.body]).toEqual([422, expect.stringContaining('"code":"InvalidInput"')])
    const b = answer(operation, fault('<t:fault xsi:type="t:B"><m>x</m><n>1</n></t:fault>'), 500)
    expect([b.status, b.body]).toEqual([403, expect.stringContaining('"code":"PermissionDenied"')])
    expect(answer(operation, fault('<t:fault><m>x</m></t:fault>'), 500).status).toBe(422)
  })

  it('that are nil are those faults, without a detail', async () => {
    const { operation } = await imported({
      types,
      operation: 'GetThing',
      faults: [['ThingNotFound', '<part name="f" element="t:F"/>']],
    })
    const { status, body } = answer(operation, fault('<t:F xsi:nil="true"/>'), 500)
    expect(status).toBe(404)
    expect(JSON.parse(body)).toMatchObject({ code: 'ThingNotFound', status: 404 })
    expect(body).not.toContain('"fault"')
  })
})

it('bytes with a media type stay a member', async () => {
  const data = '<xs:element name="data" type="m:base64Binary"/>'
  const imports = '<xs:import namespace="http://www.w3.org/2005/05/xmlmime"/>'
  const { operation } = await imported({ types: inAndOut(data, data), operation: 'Upload', imports })
  const body = { data: { contentType: 'image/png', value: 'AAAA' } }
  const xml = textOf([operation.encode({ path: {}, query: {}, headers: {}, body }).body as string])
  expect(xml).toMatch(/contentType="image\/png">AAAA</)
})

it.each([
  ['an object', 't:N'],
  ['one of several types', 't:B'],
])('null for what has required attributes is not offered, warned of and refused: %s', async (_, type) => {
  const attributed = (name: string): string =>
    `<xs:complexType name="${name}"><xs:sequence><xs:element name="v" type="xs:string"/></xs:sequence><xs:attribute name="a" use="required"/></xs:complexType>`
  const derived =
    '<xs:complexType name="D"><xs:complexContent><xs:extension base="t:B"><xs:attribute name="d"/></xs:extension></xs:complexContent></xs:complexType>'
  const input = `<xs:element name="label" type="xs:string"/><xs:element name="n" type="${type}" nillable="true"/>`
  const { operation, adapter, made } = await imported({
    types: `${inAndOut(input)}${attributed('N')}${attributed('B')}${derived}`,
    operation: 'StoreThing',
  })
  const body = { label: 'x', n: null }
  expect(() => operation.encode({ path: {}, query: {}, headers: {}, body })).toThrow('no way to receive')
  expect(adapter.diagnostics).toEqual([])
  const document = JSON.stringify(made.document)
  expect(document).not.toContain('"null"')
  // A person who offers it is warned.
  const offered = document.replace(/"n":(\{"\$ref":"[^"]+"\})/, '"n":{"anyOf":[$1,{"type":"null"}]}')
  const { diagnostics } = compileContract({
    contract: JSON.parse(offered) as Record<string, unknown>,
    baseDir: folder,
    env: {},
  })
  expect(diagnostics).toMatchObject([{ severity: 'warning', code: 'null-mismatch' }])
  expect(diagnostics[0]?.message).toContain('n has required attributes')
})

it('of several ports of one port type the summary says which it took', async () => {
  const types = inAndOut('<xs:element name="id" type="xs:string"/>')
  const { made } = await imported({ types, operation: 'GetThing', ports: ['One', 'Two', 'Three'] })
  expect(made.summary.decisions.join('\n')).toContain('S/One, not S/Two, S/Three')
})

it('4,000 members load', async () => {
  const many = Array.from(
    { length: 4000 },
    (_, i) => `<xs:element name="m${i}" type="xs:string" minOccurs="0"/>`,
  )
  await imported({ types: inAndOut(many.join('')), operation: 'StoreThing' })
})

it.each([
  ['in the input', inAndOut('<xs:element name="file" type="xop:Include"/>')],
  ['by reference', inAndOut('<xs:element name="id" type="xs:string"/>', '<xs:element ref="xop:Include"/>')],
])('an xop:Include is found by check: %s', async (_, types) => {
  const imports = '<xs:import namespace="http://www.w3.org/2004/08/xop/include"/>'
  const { adapter } = await imported({
    types: types.replaceAll(
      '="xop:Include"',
      '="xop:Include" xmlns:xop="http://www.w3.org/2004/08/xop/include"',
    ),
    operation: 'StoreThing',
    imports,
  })
  expect(adapter.diagnostics.map(({ code }) => code)).toContain('attachment-include')
})

describe('what check refuses', () => {
  it('is found, by operation, also where a component that several share is to blame', async () => {
    const { made } = await imported({
      types: inAndOut(
        `<xs:element name="a">${sequence('<xs:element name="n" type="xs:int"/>')}</xs:element>`,
      ),
      operation: 'StoreThing',
    })
    expect(await refusals(made.document, folder)).toEqual([])
    const broken = JSON.parse(
      JSON.stringify(made.document).replaceAll('"integer"', '"array"'),
    ) as typeof made.document
    const [first, ...others] = await refusals(broken, folder)
    expect(others).toEqual([])
    expect(first?.operationId).toBe(made.summary.operations[0]?.operationId)
    expect(first?.error.code).toBe('schema-mismatch')
  })

  it('by those who serve gets the most general form, and is left out where that is refused too', async () => {
    const path = join(folder, `w${number++}.wsdl`)
    const types = inAndOut('<xs:element name="id" type="xs:string"/>')
    writeFileSync(path, wsdl({ types, operation: 'GetThing' }))
    const judged: string[] = []
    const made = await importWsdl(path, {
      baseDir: folder,
      judge: (document) => {
        const found = [...JSON.stringify(document.root.paths).matchAll(/"(\/[^"]*)":\{"(get|post)"/g)]
        return Promise.resolve(
          found.map(([, route = '', method = '']): Diagnostic => {
            judged.push(`${method} ${route}`)
            const at = document.locate(`/paths/${route.replaceAll('/', '~1')}/${method}`)
            return { code: 'schema-uncompilable', severity: 'error', message: 'No validator for it.', at }
          }),
        )
      },
    })
    expect(judged).toEqual(['get /things/{id}', 'post /s/get-thing'])
    expect(made.document.paths).toEqual({})
    expect(made.summary.leftOut.join()).toMatch(/^GetThing .*No validator for it\.$/)
  })

  it('is nothing where thousands of types each have the next: what is imported can be served', async () => {
    const chain = Array.from(
      { length: 1500 },
      (_, index) =>
        `<xs:complexType name="C${index}"><xs:sequence><xs:element name="v" type="xs:string"/>${index < 1499 ? `<xs:element name="n" type="t:C${index + 1}" minOccurs="0"/>` : ''}</xs:sequence></xs:complexType>`,
    ).join('')
    const path = join(folder, `w${number++}.wsdl`)
    const types = `${inAndOut('<xs:element name="c" type="t:C0"/>')}${chain}`
    writeFileSync(path, wsdl({ types, operation: 'StoreThing' }))
    const made = await importWsdl(path, { baseDir: folder, judge: judgeDocument })
    expect(made.diagnostics).toEqual([])
    expect(made.summary.operations).toHaveLength(1)
    const adapter = compileContract({ contract: made.document, baseDir: folder, env: {} })
    await expect(judgeContract(adapter)).resolves.toBeUndefined()
    await adapter.close()
  })
})
