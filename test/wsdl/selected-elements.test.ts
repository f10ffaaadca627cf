import { expect, it } from 'vitest'
import { SOAP_11, WSA, WSSE } from '../../src/base/namespaces.js'
import { readElementPath } from '../../src/wsdl/policy/element-path.js'
import { selectedBy } from '../../src/wsdl/selected-elements.js'
import { definitions, sound } from './load-wsdl.js'

const literal = '<s:body use="literal"/>'
const wsdl = sound(
  definitions({
    types: `<xs:complexType name="Card"><xs:sequence><xs:element name="number" type="xs:string"/></xs:sequence></xs:complexType>
      <xs:complexType name="Node"><xs:sequence><xs:element name="note" type="xs:string"/><xs:element name="node" type="t:Node" minOccurs="0"/></xs:sequence></xs:complexType>
      <xs:element name="pay"><xs:complexType><xs:choice><xs:element name="card" type="t:Card"/><xs:element name="spare" type="t:Card"/></xs:choice></xs:complexType></xs:element>
      <xs:element name="tree"><xs:complexType><xs:sequence><xs:element name="node" type="t:Node"/></xs:sequence></xs:complexType></xs:element>
      <xs:element name="paid"><xs:complexType><xs:sequence><xs:element name="receipt" type="xs:string"/></xs:sequence></xs:complexType></xs:element>`,
    messages:
      '<message name="I"><part name="p" element="t:pay"/></message><message name="T"><part name="p" element="t:tree"/></message><message name="O"><part name="p" element="t:paid"/></message>',
    portType:
      '<operation name="pay"><input message="t:I"/><output message="t:O"/></operation><operation name="grow"><input message="t:T"/></operation>',
    binding: `<operation name="pay"><s:operation/><input>${literal}</input><output>${literal}</output></operation><operation name="grow"><s:operation/><input>${literal}</input></operation>`,
  }),
)
const namespaces = {
  parent: undefined,
  declared: new Map([
    ['s', SOAP_11],
    ['t', 'urn:t'],
    ['a', WSA],
    ['w', WSSE],
  ]),
}

const selected = (xpath: string) => {
  const path = readElementPath(xpath, namespaces)
  const [binding] = wsdl.bindings.values()
  if (!path || !binding) throw new Error('There is no path, or no binding')
  return selectedBy(path, binding)
}

it.each([
  ['//s:Body', 'body'],
  ['/s:Envelope/s:Header/a:To', 'addressing'],
  ['/s:Envelope/s:Header/t:head', 'headers'],
  ['/s:Envelope/s:Header/w:Security/w:UsernameToken', 'username'],
  ['//w:UsernameToken', 'username'],
] as const)('%s is a part', (xpath, part) => {
  expect(selected(xpath)).toEqual({ kind: 'part', part })
})

it.each([
  ['/s:Envelope/s:Body/t:pay', ['pay']],
  ['//s:Body/t:pay/t:card/t:number', ['pay/card/number']],
  ['//t:number', ['pay/card/number', 'pay/spare/number']],
  // An element that can contain itself has places without number, but a path leads to one.
  ['//s:Body/t:tree/t:node/t:node/t:note', ['tree/node/node/note']],
  // Of responses alone.
  ['//s:Body/t:paid/t:receipt', []],
])('%s is elements', (xpath, paths) => {
  expect(selected(xpath)).toEqual({ kind: 'elements', paths })
})

it.each([
  // In elements that can contain themselves.
  '//t:note',
  '//t:nobody',
  '//s:Body/t:pay/card',
  '//s:Body/t:pay/t:number',
  '/s:Envelope/s:Header/w:Security/t:head',
  '/s:Envelope/s:Header/t:head/t:x',
])('%s is nothing that is declared, or has places without number', (xpath) => {
  expect(selected(xpath)).toBeUndefined()
})

it('what lies deeper than messages go is not looked for', () => {
  const element = (name: string, type: string) => `<xs:element name="${name}" type="${type}"/>`
  const types = Array.from(
    { length: 5000 },
    (_, i) =>
      `<xs:complexType name="T${i}"><xs:sequence>${element('a', `t:T${i + 1}`)}</xs:sequence></xs:complexType>`,
  ).join('')
  const { bindings } = sound(
    definitions({
      types: `${types}<xs:complexType name="T5000"><xs:sequence>${element('last', 'xs:string')}</xs:sequence></xs:complexType>${element('pay', 't:T0')}`,
      messages: '<message name="I"><part name="p" element="t:pay"/></message>',
      portType: '<operation name="pay"><input message="t:I"/></operation>',
      binding: `<operation name="pay"><s:operation/><input>${literal}</input></operation>`,
    }),
  )
  const path = readElementPath('//t:last', namespaces)
  const [binding] = bindings.values()
  if (!path || !binding) throw new Error('There is no path, or no binding')
  expect(selectedBy(path, binding)).toBeUndefined()
})
