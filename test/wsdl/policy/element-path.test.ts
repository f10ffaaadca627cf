import { expect, it } from 'vitest'
import { SOAP_11, SOAP_12 } from '../../../src/base/namespaces.js'
import { readElementPath } from '../../../src/wsdl/policy/element-path.js'

const namespaces = {
  parent: { parent: undefined, declared: new Map([['s', SOAP_11]]) },
  declared: new Map([
    ['m', 'urn:m'],
    ['s12', SOAP_12],
  ]),
}

it.each([
  ['/s:Envelope/s:Body', 'body', []],
  ['/s12:Envelope/s12:Body/m:Pay/m:Card', 'body', ['m:Pay', 'm:Card']],
  ['//s:Envelope/s:Body/m:Pay', 'body', ['m:Pay']],
  ['//s:Body/m:Pay', 'body', ['m:Pay']],
  ['s:Body/m:Pay/note', 'body', ['m:Pay', 'note']],
  [' /s:Envelope/s:Header/m:Context ', 'header', ['m:Context']],
  ['//m:Card', 'anywhere', ['m:Card']],
  ['//m:Pay / m:Größe', 'anywhere', ['m:Pay', 'm:Größe']],
] as const)('%s names elements', (xpath, within, steps) => {
  const path = readElementPath(xpath, namespaces)
  expect(path?.within).toBe(within)
  expect(
    path?.steps.map(({ namespace, localName }) => (namespace === '' ? localName : `m:${localName}`)),
  ).toEqual(steps)
})

it.each([
  '',
  '/',
  '//',
  '/m:Pay',
  '/s:Body',
  'm:Pay',
  's:Envelope/m:Pay',
  '/s:Envelope/s:Header',
  '/s:Envelope//m:Card',
  '//m:Card[1]',
  '//m:Card/@id',
  '//*',
  '//m:*',
  "//*[local-name()='Card']",
  '//x:Card',
  '//m:Card | //m:Pay',
  '//m:Card/text()',
  '///m:Card',
  '/descendant::m:Card',
  './/m:Card',
  'id("a")',
])('%s is no plain path', (xpath) => {
  expect(readElementPath(xpath, namespaces)).toBeUndefined()
})
