import { describe, expect, test } from 'vitest'
import { AllowedHosts } from '../../../src/tools/fetch/allowed-hosts.js'

const hosts = new AllowedHosts(
  [new URL('https://soap.example/orders?wsdl'), new URL('http://10.0.0.7:8080/stock?wsdl')],
  ['Schemas.example', 'internal:9443'],
)

describe('hosts that may be asked', () => {
  test.each([
    'https://soap.example/x',
    'http://soap.example/x',
    'http://10.0.0.7:8080/x',
    'http://schemas.example/x',
    'https://SCHEMAS.example/x',
    'https://internal:9443/x',
  ])('%s', (url) => {
    expect(hosts.refusal(new URL(url))).toBeUndefined()
  })

  test.each([
    ['https://soap.example:8443/x', /--allow-host soap\.example:8443 /],
    ['http://10.0.0.7/x', /--allow-host 10\.0\.0\.7 /],
    ['https://soap.example.evil.example/x', /--allow-host soap\.example\.evil\.example /],
    ['https://soap.example@evil.example/x', /--allow-host evil\.example /],
    ['https://internal/x', /--allow-host internal /],
    ['file:///etc/passwd', /only http: and https:/],
    ['data:text/xml,<a/>', /only http: and https:/],
  ])('not %s', (url, reason) => {
    expect(hosts.refusal(new URL(url))).toMatch(reason)
  })
})

test.each([
  ['http://soap.example/x?xsd=1', 'https://soap.example/x?xsd=1'],
  ['https://soap.example/x', 'https://soap.example/x'],
  ['http://10.0.0.7:8080/x', 'http://10.0.0.7:8080/x'],
  ['http://schemas.example/x', 'http://schemas.example/x'],
])('%s is asked as %s', (url, asked) => {
  expect(hosts.secured(new URL(url)).href).toBe(asked)
})

test.each([
  ['https://soap.example/x', true],
  ['http://soap.example/x', false],
  ['https://schemas.example/x', false],
])('credentials go to %s: %s', (url, isOwn) => {
  expect(hosts.isOwn(new URL(url))).toBe(isOwn)
})
