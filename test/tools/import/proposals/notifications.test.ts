import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { compileContract } from '../../../../src/adapter/adapter.js'
import { yamlText } from '../../../../src/openapi/yaml/style.js'
import { importWsdl } from '../../../../src/tools/import/import.js'
import { mergeWsdl } from '../../../../src/tools/import/merge-wsdl.js'

let directory: string
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'soapstone-notifications-'))
})
afterAll(() => {
  rmSync(directory, { recursive: true, force: true })
})

interface Operation {
  readonly name: string
  /** Elements of its output; one-way where there is none. */
  readonly output?: string
}

const EVENT = '<element name="EventId" type="string"/><element name="Amount" type="decimal"/>'

/** A WSDL whose messages hold one event each. */
function wsdlOf(operations: readonly Operation[], event = EVENT): string {
  const elements = operations.flatMap(({ name, output }) => [
    `<element name="${name}"><complexType><sequence>${event}</sequence></complexType></element>`,
    ...(output === undefined
      ? []
      : [
          `<element name="${name}Response"><complexType><sequence>${output}</sequence></complexType></element>`,
        ]),
  ])
  const messages = operations.flatMap(({ name, output }) => [
    `<message name="${name}"><part name="body" element="t:${name}"/></message>`,
    ...(output === undefined
      ? []
      : [`<message name="${name}Response"><part name="body" element="t:${name}Response"/></message>`]),
  ])
  const of = (inner: (operation: Operation) => string) =>
    operations.map((each) => `<operation name="${each.name}">${inner(each)}</operation>`).join('')
  const porttype = of(
    ({ name, output }) =>
      `<input message="t:${name}"/>${output === undefined ? '' : `<output message="t:${name}Response"/>`}`,
  )
  const literal = '<soap:body use="literal"/>'
  const binding = of(
    ({ output }) =>
      `<soap:operation soapAction=""/><input>${literal}</input>${output === undefined ? '' : `<output>${literal}</output>`}`,
  )
  const text = `<definitions targetNamespace="urn:t" xmlns="http://schemas.xmlsoap.org/wsdl/" xmlns:t="urn:t" xmlns:soap="http://schemas.xmlsoap.org/wsdl/soap/">
    <types><schema xmlns="http://www.w3.org/2001/XMLSchema" targetNamespace="urn:t" elementFormDefault="qualified">${elements.join('')}</schema></types>
    ${messages.join('')}<portType name="Ledger">${porttype}</portType>
    <binding name="Ledger" type="t:Ledger"><soap:binding style="document" transport="http://schemas.xmlsoap.org/soap/http"/>${binding}</binding>
    <service name="LedgerService"><port name="Ledger" binding="t:Ledger"><soap:address location="http://localhost/"/></port></service>
  </definitions>`
  const file = join(directory, 'ledger.wsdl')
  writeFileSync(file, text)
  return file
}

const ack = '<element name="Ack" type="boolean"/>'

async function imported(operations: readonly Operation[], event?: string, settings = {}) {
  const { document, summary, diagnostics } = await importWsdl(wsdlOf(operations, event), {
    baseDir: directory,
    settings: { operations: settings, headers: [] },
  })
  expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([])
  const webhooks = (document.webhooks ?? {}) as Record<string, { post: { 'x-soap': { receive: object } } }>
  return {
    document,
    review: summary.review.join('\n'),
    operations: summary.operations.map(({ operation }) => operation),
    receive: Object.fromEntries(
      Object.entries(webhooks).map(([name, { post }]) => [name, post['x-soap'].receive]),
    ),
  }
}

describe('a port that its provider calls', () => {
  it.each<[string, Operation, object]>([
    [
      'a name that ends with Notification',
      { name: 'PaymentStatusNotification', output: ack },
      {
        'payment-status': { operation: 'PaymentStatusNotification', id: '/EventId', answer: { Ack: true } },
      },
    ],
    [
      'a name that ends with Callback',
      { name: 'OrderCallback', output: '<element name="Result" type="string"/>' },
      { order: { operation: 'OrderCallback', id: '/EventId', answer: { Result: 'OK' } } },
    ],
    [
      'a name that begins with notify',
      { name: 'notifyPaymentBooked' },
      { 'payment-booked': { operation: 'notifyPaymentBooked', id: '/EventId' } },
    ],
    [
      'a one-way operation that is no command',
      { name: 'PaymentBooked' },
      { 'payment-booked': { operation: 'PaymentBooked', id: '/EventId' } },
    ],
  ])('is told by %s', async (_, operation, receive) => {
    const { document, review, ...rest } = await imported([operation])
    expect(rest).toEqual({ operations: [], receive })
    expect(document['x-soap-backends']).toEqual({
      ledger: { wsdl: 'ledger.wsdl', receive: { pathSecret: '${LEDGER_PATH_SECRET}' } },
    })
    expect(review).toContain('set LEDGER_PATH_SECRET')
    expect(review).toContain('/EventId')
  })

  it.each<[string, readonly Operation[]]>([
    ['a command, one-way', [{ name: 'SubmitOrder' }]],
    ['a command about notifications', [{ name: 'SendNotification', output: ack }]],
    ['a question', [{ name: 'GetCallback', output: ack }]],
  ])('is not told by %s', async (_, operations) => {
    const { receive, operations: called, review } = await imported(operations)
    expect([receive, called]).toEqual([{}, operations.map(({ name }) => name)])
    expect(review).not.toContain('look like notifications')
  })

  it('is not told by some of its operations; the summary asks for review', async () => {
    const { receive, operations, review } = await imported([
      { name: 'GetPayment', output: ack },
      { name: 'PaymentNotification', output: ack },
    ])
    expect([receive, operations]).toEqual([{}, ['GetPayment', 'PaymentNotification']])
    expect(review).toMatch(/look like notifications.*PaymentNotification/)
  })

  it('is called where a person says so', async () => {
    const operation = { name: 'PaymentNotification', output: ack }
    const { receive, operations } = await imported([operation], EVENT, {
      PaymentNotification: { verb: 'send' },
    })
    expect([receive, operations]).toEqual([{}, ['PaymentNotification']])
  })

  it('has an event for each item of the only list in its messages, and says where nothing names one', async () => {
    const items =
      '<element name="Batch" type="string"/><element name="Entry" maxOccurs="9"><complexType><sequence><element name="Amount" type="decimal"/></sequence></complexType></element>'
    const { receive, review } = await imported([{ name: 'PaymentNotification' }], items)
    expect(receive).toEqual({ payment: { operation: 'PaymentNotification', items: '/Entry' } })
    expect(review).toContain('Nothing in the message is called Id')
  })

  it('gives a contract that can be served, and merged', async () => {
    const { document } = await imported([{ name: 'PaymentNotification', output: ack }])
    const contract = join(directory, 'ledger.yaml')
    const text = yamlText(document)
    writeFileSync(contract, text)
    const adapter = compileContract({ contract, env: { LEDGER_PATH_SECRET: 'c3a7f0b1d2e4968574' } })
    expect(adapter.webhooks.map(({ mapping }) => mapping.name)).toEqual(['payment'])
    const record = await importWsdl(join(directory, 'ledger.wsdl'), { baseDir: directory })
    const merged = await mergeWsdl([join(directory, 'ledger.wsdl')], text, record, { baseDir: directory })
    expect(merged.text).toBe(text)
  })
})
