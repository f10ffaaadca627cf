import { describe, expect, it } from 'vitest'
import { clark } from '../../src/base/qname.js'
import { bodyOf, definitions, firstOperation, load, operationsOf, sound } from './load-wsdl.js'

const message = (name: string, ...parts: readonly string[]): string =>
  `<message name="${name}">${parts.map((part) => `<part name="${part.replace(/ (\w+)=/, '" $1="')}"/>`).join('')}</message>`
const inOut = message('In', 'p element=t:in') + message('Out', 'p element=t:out')
const operation = (name = 'op', inner = ''): string =>
  `<operation name="${name}"><documentation>Does ${name}</documentation><input message="t:In"/><output message="t:Out"/>${inner}</operation>`
const bound = (
  input: string,
  output = '<s:body use="literal"/>',
  soapOperation = '<s:operation soapAction="urn:a"/>',
): string =>
  `<operation name="op">${soapOperation}<input>${input}</input><output>${output}</output></operation>`
const literal = '<s:body use="literal"/>'

describe('a document operation', () => {
  it('has the elements of its parts as its body', () => {
    const wsdl = sound(definitions({ messages: inOut, portType: operation(), binding: bound(literal) }))
    expect(wsdl).toMatchObject({
      file: 'a.wsdl',
      targetNamespace: 'urn:t',
      documentation: 'All of it',
      services: [{ name: { localName: 'S' }, ports: [{ name: 'P', endpoint: 'http://localhost/p' }] }],
    })
    const binding = wsdl.bindings.get('{urn:t}B')
    expect(wsdl.services[0]?.ports[0]?.binding).toBe(binding)
    expect(binding).toMatchObject({
      soapVersion: '1.1',
      transport: 'http://schemas.xmlsoap.org/soap/http',
      portType: { namespace: 'urn:t', localName: 'PT' },
    })
    const op = firstOperation(wsdl)
    expect(op).toMatchObject({
      name: 'op',
      inputName: 'opRequest',
      documentation: 'Does op',
      style: 'document',
      soapAction: 'urn:a',
      input: { name: { localName: 'In' }, use: 'literal', headers: [], attachments: [] },
      faults: [],
    })
    expect(op.input.body[0]).toBe(wsdl.schemas.elements.get('{urn:t}in'))
    expect([bodyOf(op.input), bodyOf(op.output)]).toEqual(['{urn:t}in (x)', '{urn:t}out string'])
  })

  it('is bound to SOAP 1.2 by the other namespace', () => {
    const wsdl = sound(
      definitions({ messages: inOut, portType: operation(), binding: bound(literal), soap: '12' }),
    )
    expect(wsdl.bindings.get('{urn:t}B')?.soapVersion).toBe('1.2')
    expect(wsdl.services[0]?.ports[0]?.endpoint).toBe('http://localhost/p')
  })

  it('may be one way, have no soap:operation and no body', () => {
    const wsdl = sound(
      definitions({
        messages: inOut + message('None'),
        portType: `<operation name="op"><input message="t:In"/></operation><operation name="none"><input message="t:None"/></operation>`,
        binding: `<operation name="op"><input/></operation><operation name="none"><s:operation/><input>${literal}</input></operation>`,
      }),
    )
    const [op, none] = operationsOf(wsdl)
    expect(op).toMatchObject({ inputName: 'op', soapAction: '' })
    expect(op && 'output' in op).toBe(false)
    expect(bodyOf(op?.input)).toBe('{urn:t}in (x)')
    expect(none?.input.body).toEqual([])
  })

  it('leaves parts that are headers out of the body, and those that soap:body does not name', () => {
    const messages =
      message('In', 'p element=t:in', 'h element=t:head', 'more element=t:oops') +
      message('Out', 'p element=t:out') +
      message('H', 'h element=t:head')
    const at = (input: string): ReturnType<typeof firstOperation>['input'] =>
      firstOperation(sound(definitions({ messages, portType: operation(), binding: bound(input) }))).input
    const header =
      '<s:header message="t:In" part="h" use="literal"><s:headerfault message="t:H" part="h" use="literal"/></s:header>'
    const own = at(literal + header)
    expect(own.body.map(({ name }) => name.localName)).toEqual(['in', 'oops'])
    expect(own.headers).toMatchObject([
      { part: 'h', use: 'literal', element: { name: { namespace: 'urn:t', localName: 'head' } } },
    ])
    const named = at('<s:body use="literal" parts="p"/>' + header)
    expect(named.body.map(({ name }) => name.localName)).toEqual(['in'])
    const foreign = at(
      '<s:body use="literal" parts="p  more"/><s:header message="t:H" part="h" use="literal"/>',
    )
    expect(foreign.body.map(({ name }) => name.localName)).toEqual(['in', 'oops'])
    expect(foreign.headers).toHaveLength(1)
  })

  it('has faults with the element of their one part', () => {
    const wsdl = sound(
      definitions({
        messages: inOut + message('F', 'f element=t:oops'),
        portType: operation(
          'op',
          '<fault name="Oops" message="t:F"><documentation>Why</documentation></fault>',
        ),
        binding: bound(literal).replace(
          '</operation>',
          '<fault name="Oops"><s:fault name="Oops" use="literal"/></fault></operation>',
        ),
      }),
    )
    expect(firstOperation(wsdl).faults).toMatchObject([
      { name: 'Oops', documentation: 'Why', element: { name: { localName: 'oops' } } },
    ])
  })

  it('with a part that names a type is sent as an element of that name, with a warning', () => {
    const messages = message('In', 'p type=t:C') + message('Out', 'p element=t:out')
    const { wsdl, diagnostics } = load({
      'a.wsdl': definitions({ messages, portType: operation(), binding: bound(literal) }),
    })
    expect(diagnostics.map((d) => [d.severity, d.code])).toEqual([['warning', 'wsdl-document-type']])
    expect(wsdl && bodyOf(firstOperation(wsdl).input)).toBe('p (c)')
  })
})

describe('an rpc operation', () => {
  const messages = message('In', 'a type=xs:int', 'b type=t:C') + message('Out', 'r type=xs:date')
  const rpcBody = '<s:body use="literal" namespace="urn:body"/>'
  const rpc = (input: string, portType = operation()): ReturnType<typeof firstOperation> =>
    firstOperation(
      sound(definitions({ messages, portType, binding: bound(input, rpcBody), style: 'style="rpc"' })),
    )

  it('has one wrapper around unqualified parts, in the order of the message', () => {
    const op = rpc(rpcBody, operation().replace('<operation', '<operation parameterOrder="b a"'))
    expect(op.style).toBe('rpc')
    expect(bodyOf(op.input)).toBe('{urn:body}op ({}a, {}b)')
    expect(bodyOf(op.output)).toBe('{urn:body}opResponse ({}r)')
    expect(op.input.body[0]).toMatchObject({ nillable: false, global: false })
  })

  it('takes its style from soap:operation first, sends only the parts named', () => {
    const wsdl = sound(
      definitions({
        messages,
        portType: operation(),
        binding: bound(
          '<s:body use="literal" namespace="urn:body" parts="b"/>',
          rpcBody,
          '<s:operation style="rpc"/>',
        ),
        style: 'style="document"',
      }),
    )
    expect(bodyOf(firstOperation(wsdl).input)).toBe('{urn:body}op ({}b)')
  })

  it('may be encoded, and then its accessors may be nil', () => {
    const { input } = rpc(
      '<s:body use="encoded" namespace="urn:body" encodingStyle="http://schemas.xmlsoap.org/soap/encoding/"/>',
    )
    expect(input.use).toBe('encoded')
    const type = input.body[0]?.type
    const particle =
      type?.kind === 'complexType' && type.content.kind === 'elements' ? type.content.particle : undefined
    expect(particle?.term).toMatchObject({
      particles: [{ term: { nillable: true } }, { term: { nillable: true } }],
    })
  })

  it('without parts has an empty wrapper', () => {
    const wsdl = sound(
      definitions({
        messages: message('In') + message('Out'),
        portType: operation(),
        binding: bound(rpcBody, rpcBody),
        style: 'style="rpc"',
      }),
    )
    expect(bodyOf(firstOperation(wsdl).input)).toBe('{urn:body}op empty')
  })

  it('without a namespace has a wrapper in none, with a warning', () => {
    const files = {
      'a.wsdl': definitions({
        messages,
        portType: operation(),
        binding: bound(literal, rpcBody),
        style: 'style="rpc"',
      }),
    }
    const { wsdl, diagnostics } = load(files)
    expect(diagnostics.map((d) => [d.severity, d.code])).toEqual([['warning', 'wsdl-rpc-namespace']])
    expect(wsdl && bodyOf(firstOperation(wsdl).input)).toBe('op ({}a, {}b)')
  })
})

describe('MIME', () => {
  it('carries parts beside the envelope', () => {
    const messages =
      message('In', 'p element=t:in', 'photo type=xs:base64Binary') + message('Out', 'p element=t:out')
    const multipart = `<mime:multipartRelated><mime:part>${literal}</mime:part><mime:part>
      <mime:content part="photo" type="image/jpeg"/><mime:content part="photo" type="image/png"/></mime:part></mime:multipartRelated>`
    const { input } = firstOperation(
      sound(definitions({ messages, portType: operation(), binding: bound(multipart) })),
    )
    expect(bodyOf(input)).toBe('{urn:t}in (x)')
    expect(input.attachments).toMatchObject([
      { part: 'photo', types: ['image/jpeg', 'image/png'], type: { builtIn: 'base64Binary' } },
    ])
  })
})

describe('overloaded operations', () => {
  const messages = inOut + message('In2', 'p element=t:oops')
  const named = (name: string): string =>
    `<operation name="op"><s:operation soapAction="${name}"/><input name="${name}">${literal}</input><output>${literal}</output></operation>`
  const portType = `<operation name="op"><input name="first" message="t:In"/><output message="t:Out"/></operation>
    <operation name="op"><input name="second" message="t:In2"/><output message="t:Out"/></operation>`

  it('are told apart by the name of their input', () => {
    const wsdl = sound(definitions({ messages, portType, binding: named('second') + named('first') }))
    expect(operationsOf(wsdl).map((op) => [op.inputName, op.soapAction, bodyOf(op.input)])).toEqual([
      ['second', 'second', '{urn:t}oops int'],
      ['first', 'first', '{urn:t}in (x)'],
    ])
  })

  it('without names follow one another', () => {
    const wsdl = sound(
      definitions({
        messages,
        portType: portType.replace(/ name="(first|second)"/g, ''),
        binding: bound(literal) + bound(literal),
      }),
    )
    expect(operationsOf(wsdl).map((op) => bodyOf(op.input))).toEqual(['{urn:t}in (x)', '{urn:t}oops int'])
  })
})

describe('several files', () => {
  const wsdlFile = (namespace: string, content: string): string =>
    `<w:definitions xmlns:w="http://schemas.xmlsoap.org/wsdl/" xmlns:s="http://schemas.xmlsoap.org/wsdl/soap/" xmlns:xs="http://www.w3.org/2001/XMLSchema"
      xmlns:a="urn:a" xmlns:b="urn:b" xmlns:x="urn:x" targetNamespace="${namespace}">${content}</w:definitions>`
  const files = {
    'a.wsdl': wsdlFile(
      'urn:a',
      `<w:import namespace="urn:b" location="b/b.wsdl"/><w:service name="S"><w:port name="P" binding="b:B"/></w:service>
      <w:message name="M"><w:part name="p" element="x:e"/></w:message>`,
    ),
    'b/b.wsdl': wsdlFile(
      'urn:b',
      `<w:import namespace="urn:a" location="../a.wsdl"/><w:import namespace="urn:x" location="../x.xsd"/>
      <w:portType name="PT"><w:operation name="op"><w:input message="a:M"/></w:operation></w:portType>
      <w:binding name="B" type="b:PT"><s:binding/><w:operation name="op"><w:input><s:body use="literal"/></w:input></w:operation></w:binding>`,
    ),
    'x.xsd': `<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="urn:x"><xs:element name="e" type="xs:int"/></xs:schema>`,
  }

  it('import one another, schemas too, in circles', () => {
    const wsdl = sound(files)
    expect(clark(wsdl.services[0]?.ports[0]?.binding.name ?? { namespace: '', localName: '' })).toBe(
      '{urn:b}B',
    )
    expect(bodyOf(firstOperation(wsdl).input)).toBe('{urn:x}e int')
    expect(firstOperation(wsdl).at.file).toBe('b/b.wsdl')
  })

  it('that are not there are warned of', () => {
    const { diagnostics } = load({ 'a.wsdl': files['a.wsdl'] })
    expect(diagnostics.map((d) => [d.severity, d.code])).toEqual([
      ['warning', 'wsdl-import'],
      ['warning', 'wsdl-unresolved'],
      ['warning', 'wsdl-no-soap'],
    ])
  })
})

describe('what is not SOAP', () => {
  it('is noted and left out', () => {
    const text = definitions({ messages: inOut, portType: operation(), binding: bound(literal) }).replace(
      '<service name="S">',
      `<binding name="H" type="t:PT"><h:binding xmlns:h="http://schemas.xmlsoap.org/wsdl/http/" verb="GET"/></binding>
       <p:Policy xmlns:p="http://www.w3.org/ns/ws-policy"/><service name="S"><port name="Http" binding="t:H"/>`,
    )
    const { wsdl, diagnostics } = load({ 'a.wsdl': text })
    expect(diagnostics.map((d) => [d.severity, d.code])).toEqual([['note', 'wsdl-port']])
    expect(wsdl?.services[0]?.ports.map((port) => port.name)).toEqual(['P'])
    expect([...(wsdl?.bindings.keys() ?? [])]).toEqual(['{urn:t}B'])
  })
})

describe('a mistake', () => {
  const base = { messages: inOut, portType: operation(), binding: bound(literal) }
  it.each<[string, Parameters<typeof definitions>[0]]>([
    ['no such message', { ...base, messages: message('In', 'p element=t:in') }],
    ['no such element', { ...base, messages: message('In', 'p element=t:none') + message('Out') }],
    ['no such type', { ...base, messages: message('In', 'p type=t:none') + message('Out') }],
    ['neither element nor type', { ...base, messages: message('In', 'p') + message('Out') }],
    ['no such operation', { ...base, portType: operation('other') }],
    [
      'no such header',
      { ...base, binding: bound(`${literal}<s:header message="t:In" part="h" use="literal"/>`) },
    ],
    ['a notification', { ...base, portType: '<operation name="op"><output message="t:Out"/></operation>' }],
  ])('leaves its operation out with a warning: %s', (_, parts) => {
    const { wsdl, diagnostics } = load({ 'a.wsdl': definitions(parts) })
    expect(wsdl && operationsOf(wsdl)).toEqual([])
    expect(diagnostics.map((d) => d.severity)).toContain('warning')
    expect(diagnostics[0]?.message).toContain('left out')
    expect(diagnostics[0]?.at?.line).toBeGreaterThan(1)
  })

  it('in a schema that nothing needs breaks nothing', () => {
    const { wsdl, diagnostics } = load({
      'a.wsdl': definitions({ ...base, types: '<xs:element name="a" type="t:None"/>' }),
    })
    expect(diagnostics).toMatchObject([
      { severity: 'warning', code: 'xsd-unresolved', at: { file: 'a.wsdl', line: 5 } },
    ])
    expect(wsdl && operationsOf(wsdl)).toHaveLength(1)
  })

  it.each([
    ['WSDL 2.0', '<description xmlns="http://www.w3.org/ns/wsdl" targetNamespace="urn:a"/>', 'wsdl-version'],
    ['another document', '<html/>', 'wsdl-not-a-wsdl'],
    ['no XML', 'hello', 'xml-malformed'],
  ])('%s is refused', (_, text, code) => {
    const { wsdl, diagnostics } = load({ 'a.wsdl': text })
    expect(wsdl).toBeUndefined()
    expect(diagnostics).toMatchObject([{ severity: 'error', code, at: { file: 'a.wsdl', line: 1 } }])
  })

  it('in the path is reported', () => {
    expect(load({}).diagnostics).toMatchObject([{ severity: 'error', code: 'file-unreadable' }])
  })
})

describe('a large WSDL', () => {
  it('of 4 MB is read in bounded time', () => {
    const type = (
      i: number,
    ): string => `<xs:complexType name="T${i}"><xs:annotation><xs:documentation>Type ${i}</xs:documentation></xs:annotation><xs:sequence>
      ${Array.from({ length: 15 }, (_, f) => `<xs:element name="field${f}" type="${f === 0 ? `t:T${(i + 1) % 4000}` : 'xs:string'}" minOccurs="0"/>`).join('\n')}
      </xs:sequence></xs:complexType>`
    const text = definitions({
      types: Array.from({ length: 4000 }, (_, i) => type(i)).join('\n'),
      messages: inOut,
      portType: operation(),
      binding: bound(literal),
    })
    expect(text.length).toBeGreaterThan(4_000_000)
    const started = performance.now()
    expect(sound(text).schemas.types.size).toBe(4001)
    const ms = performance.now() - started
    console.log(`4 MB of WSDL: ${ms.toFixed(0)} ms`)
    expect(ms).toBeLessThan(15_000)
  })
})
