import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { type Answer, readAnswer } from '../../../src/adapter/reply/answer.js'
import type { SoapResponse } from '../../../src/adapter/rest.js'
import { AdapterError } from '../../../src/base/errors.js'
import { BodyCodec } from '../../../src/codec/body.js'
import { Compiler } from '../../../src/codec/compile.js'
import { JsonText } from '../../../src/codec/json/text.js'
import { Prefixes } from '../../../src/codec/prefixes.js'
import { CanonicalMappings } from '../../../src/mapping/canonical/canonical.js'
import { bodyOf } from '../../../src/mapping/operation/message/body.js'
import { loadWsdl } from '../../../src/wsdl/load.js'
import { wsdl as library } from '../../mapping/contract.js'

const ns11 = 'http://schemas.xmlsoap.org/soap/envelope/'
const ns12 = 'http://www.w3.org/2003/05/soap-envelope'

/** The output and the fault of GetBook, on their canonical mappings. */
function readerOf(): Parameters<typeof readAnswer>[1] {
  const directory = mkdtempSync(join(tmpdir(), 'answer-'))
  try {
    const file = join(directory, 'library.wsdl')
    writeFileSync(file, library)
    const { wsdl } = loadWsdl(file, { root: directory, cwd: directory })
    const operation = wsdl && [...wsdl.bindings.values()][0]?.operations[0]
    const fault = operation?.faults[0]
    if (!wsdl || !operation?.output || !fault) throw new Error('no GetBook')
    const canonical = new CanonicalMappings(wsdl.schemas)
    const compiler = new Compiler(new Prefixes())
    const detail = compiler.value(canonical.value(fault.element.type))
    return {
      namespace: ns11,
      output: new BodyCodec(bodyOf(operation.output, canonical), compiler),
      header: (reader) => {
        reader.skip()
      },
      detail: (reader) => {
        if (reader.name !== '{urn:library}GoneFault') return undefined
        const out = new JsonText()
        detail.decode(reader, out)
        return { name: 'Gone', json: out.text }
      },
    }
  } finally {
    rmSync(directory, { recursive: true })
  }
}

const twoWay = readerOf()
const oneWay = { ...twoWay, output: undefined }

const book = '<Book><ISBN>1</ISBN><Title>T</Title><Status>IN</Status><Author>A</Author></Book>'
const output = (content = book): string => `<GetBookResponse xmlns="urn:library">${content}</GetBookResponse>`
const envelope = (body: string, namespace = ns11): string =>
  `<s:Envelope xmlns:s="${namespace}"><s:Body>${body}</s:Body></s:Envelope>`
const gone = '<GoneFault xmlns="urn:library"><ISBN>1</ISBN></GoneFault>'
const fault11 = (detail: string, code = 's:Server'): string =>
  envelope(`<s:Fault><faultcode>${code}</faultcode><faultstring>secret</faultstring>${detail}</s:Fault>`)
const fault12 = (detail: string, code = '<s:Value>s:Receiver</s:Value>'): string =>
  envelope(
    `<s:Fault><s:Code>${code}</s:Code><s:Reason><s:Text xml:lang="en">secret</s:Text></s:Reason>${detail}</s:Fault>`,
    ns12,
  )

function response(
  body: string | Uint8Array,
  status = 200,
  contentType = 'text/xml; charset=utf-8',
): SoapResponse {
  return { status, headers: { 'content-type': contentType }, body }
}

const json = '{"book":{"isbn":"1","title":"T","status":"IN","author":["A"]}}'

describe('an output', () => {
  test.each<[string, SoapResponse]>([
    ['plain', response(envelope(output()))],
    ['as bytes', response(Buffer.from(envelope(output())))],
    ['with a byte order mark', response(Buffer.from('\uFEFF' + envelope(output())))],
    [
      'in UTF-16',
      response(Buffer.from('\uFEFF' + envelope(output()), 'utf16le'), 200, 'text/xml; charset=utf-16'),
    ],
    ['without a media type', { status: 200, headers: {}, body: envelope(output()) }],
    ['as application/soap+xml', response(envelope(output()), 200, 'application/soap+xml; action="a"')],
    ['with status 202', response(envelope(output()), 202)],
    ['with an XML declaration', response(`<?xml version="1.0" encoding="UTF-8"?>\n${envelope(output())}\n`)],
    [
      'with headers before the body',
      response(
        `<s:Envelope xmlns:s="${ns11}"><s:Header><h xmlns="urn:h">x</h></s:Header><s:Body>${output()}</s:Body></s:Envelope>`,
      ),
    ],
    [
      'with other prefixes',
      response(`<env:Envelope xmlns:env="${ns11}"><env:Body>${output()}</env:Body></env:Envelope>`),
    ],
  ])('%s', (_, sent) => {
    expect(readAnswer(sent, twoWay)).toEqual({ kind: 'output', json })
  })

  test('of a binding of SOAP 1.2', () => {
    const answer = readAnswer(response(envelope(output(), ns12)), { ...twoWay, namespace: ns12 })
    expect(answer).toEqual({ kind: 'output', json })
  })

  test('an element that is not a Fault of SOAP is not a fault, whatever its name', () => {
    expect(() => readAnswer(response(envelope('<Fault xmlns="urn:library"/>')), twoWay)).toThrow(
      expect.objectContaining({ code: 'backend-mismatch' }) as Error,
    )
  })
})

describe('nothing, where nothing is expected', () => {
  test.each<[string, SoapResponse]>([
    ['202 and no body', { status: 202, headers: {}, body: '' }],
    ['200 and no bytes', { status: 200, headers: {}, body: new Uint8Array() }],
    ['an empty envelope', response(envelope(''))],
    ['an envelope with something in it', response(envelope('<a><b/></a><c/>'))],
  ])('%s', (_, sent) => {
    expect(readAnswer(sent, oneWay)).toEqual({ kind: 'empty' })
  })
})

describe('a fault', () => {
  const cases: [string, string, Partial<Extract<Answer, { kind: 'fault' }>['fault']>, boolean][] = [
    ['1.1, declared', fault11(`<detail>${gone}</detail>`), { code: 'Server', blame: 'receiver' }, true],
    ['1.2, declared', fault12(`<s:Detail>${gone}</s:Detail>`), { code: 'Receiver', blame: 'receiver' }, true],
    [
      '1.2, subcodes',
      fault12(
        '',
        '<s:Value>s:Sender</s:Value><s:Subcode><s:Value>a</s:Value><s:Subcode><s:Value>b</s:Value></s:Subcode></s:Subcode>',
      ),
      { code: 'Sender', subcodes: ['a', 'b'], blame: 'sender' },
      false,
    ],
    [
      '1.1, a dotted code',
      fault11('', 's:Client.Authentication'),
      { code: 'Client.Authentication', blame: 'sender' },
      false,
    ],
    ['no detail', fault11(''), { code: 'Server' }, false],
    ['text in the detail', fault11('<detail>secret</detail>'), { code: 'Server' }, false],
    ['another detail', fault11('<detail><x xmlns="urn:x"><y/></x></detail>'), { code: 'Server' }, false],
    [
      'the right name in another namespace',
      fault11('<detail><GoneFault xmlns="urn:x"/></detail>'),
      {},
      false,
    ],
    ['another child first', fault11(`<detail><x>1</x>${gone}</detail>`), {}, true],
    ['another child afterwards', fault11(`<detail>${gone}<trace>secret</trace></detail>`), {}, true],
    ['the declared one twice', fault11(`<detail>${gone}${gone}</detail>`), {}, true],
    [
      'children that are qualified',
      envelope(
        `<s:Fault><s:faultcode>s:Server</s:faultcode><s:faultstring/><s:detail>${gone}</s:detail></s:Fault>`,
      ),
      { code: 'Server' },
      true,
    ],
    [
      'something after the fault',
      fault11('').replace('</s:Fault>', '</s:Fault><x xmlns="urn:x">1</x>'),
      {},
      false,
    ],
  ]

  describe.each([200, 202, 400, 404, 500, 503])('with status %i', (status) => {
    test.each(cases)('%s', (_, body, fault, declared) => {
      for (const reader of [twoWay, oneWay]) {
        const answer = readAnswer(response(body, status), reader)
        expect(answer).toMatchObject({ kind: 'fault', fault })
        if (answer.kind !== 'fault') return
        expect(answer.declared).toEqual(declared ? { name: 'Gone', json: '{"isbn":"1"}' } : undefined)
        expect(JSON.stringify(answer)).not.toContain('secret')
      }
    })
  })
})

describe('anything else', () => {
  const html = '<!DOCTYPE html><html><body>secret</body></html>'
  test.each<[string, string, SoapResponse]>([
    ['no body', 'backend-not-soap', { status: 200, headers: {}, body: '' }],
    ['no body, 500', 'backend-not-soap', { status: 500, headers: {}, body: '' }],
    ['no bytes', 'backend-not-soap', { status: 200, headers: {}, body: new Uint8Array() }],
    ['an HTML page', 'backend-not-soap', response(html, 503, 'text/html')],
    ['an HTML page that is XML', 'backend-not-soap', response('<html>secret</html>', 200, 'text/html')],
    ['JSON', 'backend-not-soap', response('{"secret":1}', 200, 'application/json')],
    ['plain text', 'backend-not-soap', response('secret', 500, 'text/plain')],
    ['another XML document', 'backend-not-soap', response('<secret/>')],
    ['an Envelope of no namespace', 'backend-not-soap', response('<Envelope><Body/></Envelope>')],
    ['an Envelope of another namespace', 'backend-not-soap', response(envelope(output(), 'urn:x'))],
    ['XML that is cut off', 'backend-malformed', response(envelope(output()).slice(0, -20))],
    [
      'XML with a broken tag',
      'backend-malformed',
      response(envelope(output(book.replace('</Title>', '</title>')))),
    ],
    ['two roots', 'backend-malformed', response(envelope(output()) + '<a/>')],
    ['text after the envelope', 'backend-malformed', response(envelope(output()) + 'secret')],
    [
      'a document type',
      'backend-malformed',
      response('<!DOCTYPE a [<!ENTITY x "secret">]>' + envelope(output())),
    ],
    ['an undeclared entity', 'backend-malformed', response(envelope(output('&secret;')))],
    ['an undeclared prefix', 'backend-malformed', response(envelope('<u:a/>'))],
    ['bytes that are no UTF-8', 'backend-malformed', response(Buffer.from([0x3c, 0x61, 0x3e, 0xff, 0xfe]))],
    [
      'an unknown encoding',
      'backend-malformed',
      response(Buffer.from(envelope('')), 200, 'text/xml; charset=klingon'),
    ],
    [
      'nesting without end',
      'backend-too-large',
      response(fault11(`<detail>${'<a>'.repeat(5000)}${'</a>'.repeat(5000)}</detail>`)),
    ],
    ['white space alone', 'backend-malformed', response('  \n')],
    ['an envelope without a body', 'backend-mismatch', response(`<s:Envelope xmlns:s="${ns11}"/>`)],
    [
      'text in the envelope',
      'backend-mismatch',
      response(`<s:Envelope xmlns:s="${ns11}">secret</s:Envelope>`),
    ],
    ['an empty body', 'backend-mismatch', response(envelope(''))],
    ['another output', 'backend-mismatch', response(envelope('<other xmlns="urn:library">secret</other>'))],
    [
      'the output in another namespace',
      'backend-mismatch',
      response(envelope(output().replace('urn:library', 'urn:l'))),
    ],
    ['two outputs', 'backend-mismatch', response(envelope(output() + output()))],
    ['a fault after the output', 'backend-mismatch', response(envelope(output() + '<s:Fault/>'))],
    ['an element missing', 'backend-mismatch', response(envelope(output('<Book><ISBN>1</ISBN></Book>')))],
    ['a value of another type', 'backend-mismatch', response(envelope(output(book.replace('IN', 'secret'))))],
    ['text between elements', 'backend-mismatch', response(envelope(output(`secret${book}`)))],
    ['an envelope of SOAP 1.2 for a binding of 1.1', 'backend-mismatch', response(envelope(output(), ns12))],
    ['an output with status 500', 'backend-mismatch', response(envelope(output()), 500)],
    ['an output with status 404', 'backend-mismatch', response(envelope(output()), 404)],
    ['an output with status 302', 'backend-mismatch', response(envelope(output()), 302)],
  ])('%s → %s', (_, code, sent) => {
    try {
      expect(readAnswer(sent, twoWay)).toBe('refused')
    } catch (error) {
      if (!(error instanceof AdapterError)) throw error
      expect(error.code).toBe(code)
      expect(error.message).not.toMatch(/secret/)
      expect(error.path ?? '').not.toMatch(/secret/)
    }
  })

  test('a declared fault whose detail is not as declared is a fault that is not', () => {
    const detail = '<detail><GoneFault xmlns="urn:library"><secret>1</secret></GoneFault></detail>'
    const answer = readAnswer(response(fault11(detail), 500), twoWay)
    expect(answer).toMatchObject({
      kind: 'fault',
      declared: undefined,
      details: ['GoneFault'],
      mismatch: expect.objectContaining({ code: 'backend-mismatch' }) as unknown,
    })
  })

  test('an empty answer with an error status is none, also where nothing is expected', () => {
    expect(() => readAnswer({ status: 500, headers: {}, body: '' }, oneWay)).toThrow(
      expect.objectContaining({ code: 'backend-not-soap' }) as Error,
    )
  })
})
