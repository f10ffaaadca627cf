import { describe, expect, it } from 'vitest'
import { breaks } from '../../../src/tools/diff/report.js'
import { diffOf, linesOf, type Version } from './wsdl-pair.js'

const fault = '<output message="w:Out"/><fault name="Bad" message="w:Bad"/>'
const header = '<s:header message="w:Head" part="h" use="literal"/>'

describe('what calls need besides their messages', () => {
  it.each<[string, Version, Version, readonly string[]]>([
    ['soapAction', {}, { action: 'b' }, ['service: breaking: the soapAction a became b']],
    ['the SOAP version', {}, { soap: '12' }, ['service: breaking: the SOAP version 1.1 became 1.2']],
    ['the address', {}, { address: 'http://localhost/b' }, ['service: breaking: the address http://localhost/a became http://localhost/b']],
    ['an operation', {}, { operation: 'Fetch' }, ['service: breaking: the operation is removed', 'service: compatible: the operation is new']],
    ['the name of the only port', {}, { port: 'Q' }, []],
    ['the use', {}, { use: 'encoded' }, ['request: breaking: the use literal became encoded', 'response: breaking: the use literal became encoded']],
    ['a response less', {}, { after: '' }, ['response: breaking: it is one-way, it answered']],
    ['a response more', { after: '' }, {}, ['response: breaking: it answers, it was one-way']],
    ['a fault more', {}, { after: fault }, ['response Bad: breaking: this fault is new']],
    ['a fault less', { after: fault }, {}, ['response Bad: compatible: this fault is not declared any more']],
    ['a header more', {}, { inputBinding: header }, ['request Session: breaking: the header block is new']],
    ['an operation whose message is missing', {}, { after: '<output message="w:Gone"/>' }, ['service: breaking: the operation cannot be read any more']],
    ['a header less', { inputBinding: header }, {}, ['request Session: breaking: the header block is removed']],
    ['the element of the body', {}, { input: 'Fetch' }, ['request Get: breaking: the element of the body {urn:t}Get became {urn:t}Fetch']],
  ])('%s', (_name, old, next, expected) => {
    const report = diffOf(old, next)
    expect(linesOf(report)).toEqual(expected)
    expect(breaks(report)).toBe(expected.some((line) => line.includes('breaking')))
  }) // prettier-ignore
})

it('the detail of a fault is a response', () => {
  const lines = linesOf(
    diffOf({ after: fault }, { after: fault.replace('w:Bad"/>', 'w:Worse"/>'), messages: '<message name="Worse"><part name="p" element="t:Session"/></message>' }), // prettier-ignore
  )
  expect(lines).toContain('response Bad: Bad: breaking: the detail {urn:t}Bad became {urn:t}Session') // prettier-ignore
})

it('says nothing of two WSDLs that are the same, and is the same at every run', () => {
  const content = '<xs:sequence><xs:element name="A" type="xs:int"/></xs:sequence>'
  const report = diffOf({ content }, { content })
  expect(report.changes).toEqual([])
  expect(breaks(report)).toBe(false)
  const next = { content: content.replace('int', 'date') }
  const text = (): string => JSON.stringify(linesOf(diffOf({ content }, next)))
  expect(text()).toBe(text())
})
