import { fileURLToPath } from 'node:url'
import soap from 'soap'
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest'
import { startCoreBanking } from '../../../src/demo/core-banking/service.js'
import type { DemoBackend } from '../../../src/demo/soap-server.js'
import { type Answer, SoapPeer } from '../soap-peer.js'

const core = 'http://interchange.example/banking/core/v3'
const peer = new SoapPeer({
  soapVersion: '1.1',
  schema: 'banking/core-banking.xsd',
  namespaces: { core, c: 'http://interchange.example/banking/common/v3' },
})
let bank: DemoBackend

beforeEach(async () => {
  bank = await startCoreBanking({ now: () => new Date('2026-03-31T10:00:00Z') })
})

afterEach(async () => {
  peer.clear()
  await bank.close()
})

afterAll(() => {
  peer.dispose()
})

/** Sends an operation's input element: members by name, nested ones as markup. */
function call(operation: string, members: Readonly<Record<string, string>>): Promise<Answer> {
  const content = Object.entries(members).map(([name, value]) => `<core:${name}>${value}</core:${name}>`)
  return peer.call(
    bank.url,
    `<core:${operation}>${content.join('')}</core:${operation}>`,
    `${core}/${operation}`,
  )
}

interface Order {
  readonly from?: string
  readonly to?: string
  readonly amount?: string
  readonly currency?: string
  readonly day?: string
  readonly id?: string
}

function pay({ from = 'AC-00000101', to = 'IBAN>XK051212012345678906', amount = '10.00', ...rest }: Order) {
  const [element = '', account = ''] = to.split('>')
  const day =
    rest.day === undefined ? '' : `<core:RequestedExecutionDate>${rest.day}</core:RequestedExecutionDate>`
  return call('InitiatePayment', {
    Instruction: `<core:InstructionId>${rest.id ?? 'T-1'}</core:InstructionId>
      <core:DebtorAccountId>${from}</core:DebtorAccountId>
      <core:Creditor><core:Name>Kelp &amp; Co &lt;Fernhill&gt;</core:Name><core:${element}>${account}</core:${element}></core:Creditor>
      <core:Amount Ccy="${rest.currency ?? 'EUR'}">${amount}</core:Amount>${day}
      <core:RemittanceLine>one</core:RemittanceLine><core:RemittanceLine>two</core:RemittanceLine>`,
  })
}

function terms(first: string, final?: string): string {
  const until = final === undefined ? ' xsi:nil="true"/>' : `>${final}</core:FinalExecutionDate>`
  return `<core:Creditor><core:Name>Rent</core:Name><core:AccountId>AC-00000105</core:AccountId></core:Creditor>
    <core:Amount Ccy="EUR">845</core:Amount><core:Frequency>MNTH</core:Frequency>
    <core:FirstExecutionDate>${first}</core:FirstExecutionDate><core:FinalExecutionDate${until}`
}

async function bookedBalance(accountId: string): Promise<string> {
  const answer = await call('GetBalances', { AccountId: accountId })
  const sign = answer.one('//core:Balance[core:Type="ITBD"]/core:CreditDebitIndicator') === 'DBIT' ? '-' : ''
  return sign + answer.one('//core:Balance[core:Type="ITBD"]/core:Amount')
}

describe('faults', () => {
  const account = (AccountId: string) => ({ AccountId })
  const cases: [fault: string, () => Promise<Answer>, xpath: string, value: string][] = [
    [
      'CustomerNotFoundFault',
      () => call('GetCustomer', { CustomerId: 'C999999999' }),
      'CustomerId',
      'C999999999',
    ],
    ['AccountNotFoundFault', () => call('GetAccount', account('AC-99999999')), 'AccountId', 'AC-99999999'],
    ['AccountNotFoundFault', () => pay({ to: 'AccountId>AC-99999999' }), 'AccountId', 'AC-99999999'],
    ['AccountClosedFault', () => call('GetBalances', account('AC-00000103')), 'ClosedOn', '2025-06-30'],
    ['AccountClosedFault', () => pay({ from: 'AC-00000103' }), 'AccountId', 'AC-00000103'],
    ['AccountNotEmptyFault', () => call('CloseAccount', account('AC-00000102')), 'Balance', '10000.00'],
    ['InsufficientFundsFault', () => pay({ from: 'AC-00000104', amount: '0.01' }), 'Available', '0.00'],
    ['LimitExceededFault', () => pay({ amount: '5000.01' }), 'LimitType', 'PAYMENT'],
    [
      'LimitExceededFault',
      () => call('OpenAccount', { CustomerId: 'C000000103', AccountType: 'SAVINGS', Currency: 'EUR' }),
      'Limit',
      '5',
    ],
    ['DuplicatePaymentFault', () => pay({ id: 'SEED-1' }), 'OriginalPaymentId', 'PMT-0000000001'],
    [
      'PaymentNotFoundFault',
      () => call('GetPayment', { PaymentId: 'PMT-9999999999' }),
      'PaymentId',
      'PMT-9999999999',
    ],
    [
      'PaymentNotCancellableFault',
      () => call('CancelPayment', { PaymentId: 'PMT-0000000001', Reason: 'DUPL' }),
      'Status',
      'ACSC',
    ],
    [
      'StandingOrderNotFoundFault',
      () => call('CancelStandingOrder', { StandingOrderId: 'SO-99999999' }),
      'StandingOrderId',
      'SO-99999999',
    ],
    [
      'InvalidRequestFault',
      () => pay({ day: '2026-03-30' }),
      'Violation/core:Field',
      'Instruction/RequestedExecutionDate',
    ],
    ['InvalidRequestFault', () => pay({ amount: '1.005' }), 'Violation/core:Rule', 'EUR has two decimals'],
    [
      'InvalidRequestFault',
      () => pay({ currency: 'SEK' }),
      'Violation/core:Field',
      'Instruction/Amount/@Ccy',
    ],
    [
      'InvalidRequestFault',
      () => pay({ from: 'AC-00000106' }),
      'Violation/core:Rule',
      'The account is blocked',
    ],
    [
      'InvalidRequestFault',
      () =>
        call('GetTransactionHistory', {
          AccountId: 'AC-00000101',
          Period: '<core:FromDate>2026-02-02</core:FromDate><core:ToDate>2026-02-01</core:ToDate>',
          Paging: '',
        }),
      'Violation/core:Field',
      'Period/ToDate',
    ],
    [
      'InvalidRequestFault',
      () =>
        call('ListPayments', { AccountId: 'AC-00000101', Paging: '<core:StartAfter>zzz</core:StartAfter>' }),
      'Violation/core:Field',
      'Paging/StartAfter',
    ],
    [
      'InvalidRequestFault',
      () =>
        call('UpdateContactDetails', {
          CustomerId: 'C000000101',
          Change: '<core:EmailAddress>a@invalid.example</core:EmailAddress>',
        }),
      'Violation/core:Field',
      'Change/EmailAddress',
    ],
    [
      'InvalidRequestFault',
      () => call('AmendStandingOrder', { StandingOrderId: 'SO-00000002', Terms: terms('2026-05-01') }),
      'Violation/core:Field',
      'StandingOrderId',
    ],
    [
      'InvalidRequestFault',
      () =>
        call('CreateStandingOrder', { AccountId: 'AC-00000101', Terms: terms('2026-05-01', '2026-04-01') }),
      'Violation/core:Field',
      'Terms/FinalExecutionDate',
    ],
  ]

  test.each(cases)('%s with its typed detail', async (fault, provoke, xpath, value) => {
    const answer = await provoke()
    expect(answer).toMatchObject({ name: fault, status: 500 })
    expect(answer.one('/env:Envelope/env:Body/env:Fault/faultcode')).toBe('soap:Client')
    expect(answer.one(`//detail/core:${fault}/core:${xpath}`)).toBe(value)
  })

  test('the sum of a day is limited', async () => {
    await pay({ from: 'AC-00000105', amount: '5000', id: 'D-1' })
    const answer = await pay({ from: 'AC-00000105', amount: '3000.01', id: 'D-2' })
    expect(answer.one('//core:LimitExceededFault/core:LimitType')).toBe('DAILY')
  })

  test('a ledger out of order is a fault that the WSDL does not declare', async () => {
    const response = await fetch(bank.url, {
      method: 'POST',
      headers: { 'content-type': 'text/xml', soapaction: `"${core}/GetAccount"` },
      body: `<e:Envelope xmlns:e="${peer.envelope}"><e:Body><GetAccount xmlns="${core}"><AccountId>AC-00000500</AccountId></GetAccount></e:Body></e:Envelope>`,
    })
    expect(response.status).toBe(500)
    const xml = await response.text()
    expect(xml).toContain('<faultcode>soap:Server</faultcode>')
    expect(xml).not.toContain('<detail')
  })
})

describe('customers', () => {
  test('a person has a name in parts, a company one name and no date of birth', async () => {
    const person = await call('GetCustomer', { CustomerId: 'C000000101' })
    expect(person.all('//c:GivenName')).toEqual(['Ada', 'Wren'])
    expect(person.all('//core:OrganisationName')).toEqual([])
    const company = await call('GetCustomer', { CustomerId: 'C000000102' })
    expect(company.one('//core:OrganisationName')).toBe('Tidewater Ceramics Ltd & Sons')
    expect(company.all('//core:DateOfBirth | //core:PersonName')).toEqual([])
    expect(company.one('//core:MobileNumber/@xsi:nil')).toBe('true')
  })

  test('contact details change where they are given, nil removes', async () => {
    const change = `<core:EmailAddress xsi:nil="true"/><core:MobileNumber>+31-205550000</core:MobileNumber>`
    await call('UpdateContactDetails', { CustomerId: 'C000000101', Change: change })
    const answer = await call('GetCustomer', { CustomerId: 'C000000101' })
    expect(answer.one('//core:EmailAddress/@xsi:nil')).toBe('true')
    expect(answer.one('//core:MobileNumber')).toBe('+31-205550000')
    expect(answer.one('//core:PreferredLanguage')).toBe('en-IE')
    expect(answer.one('//core:LastUpdated')).toBe('2026-03-31T11:00:00+01:00')
  })
})

describe('accounts', () => {
  test('an account is opened, listed, closed and still readable', async () => {
    const opened = await call('OpenAccount', {
      CustomerId: 'C000000102',
      AccountType: 'SAVINGS',
      Currency: 'EUR',
      Nickname: 'Kiln &amp; glaze',
    })
    const accountId = opened.one('//core:AccountId')
    const open = await call('ListAccounts', { CustomerId: 'C000000102', Status: 'OPEN' })
    expect(open.all('//core:AccountId')).toEqual(['AC-00000105', accountId])
    const closed = await call('CloseAccount', { AccountId: accountId })
    expect(closed.one('//core:ClosedOn')).toBe('2026-03-31')
    const account = await call('GetAccount', { AccountId: accountId })
    expect(account.one('//core:Status')).toBe('CLOSED')
    expect(account.one('//core:Nickname')).toBe('Kiln & glaze')
  })

  test('an IBAN has valid check digits', async () => {
    const { all } = { all: (await call('ListAccounts', { CustomerId: 'C000000103' })).all('//core:IBAN') }
    expect(all).toHaveLength(6)
    for (const iban of all) {
      const moved = (iban.slice(4) + iban.slice(0, 4)).replace(/[A-Z]/g, (c) => String(c.charCodeAt(0) - 55))
      expect(BigInt(moved) % 97n).toBe(1n)
    }
  })

  test('the history comes in pages without gap or overlap', async () => {
    const seen: string[] = []
    let cursor = ''
    let total = ''
    do {
      const after = cursor === '' ? '' : `<core:StartAfter>${cursor}</core:StartAfter>`
      const page = await call('GetTransactionHistory', {
        AccountId: 'AC-00000101',
        CreditDebitIndicator: 'DBIT',
        Paging: `<core:MaxRows>50</core:MaxRows>${after}`,
      })
      seen.push(...page.all('//core:SequenceNumber'))
      cursor = page.one('//core:NextCursor')
      total = page.one('//core:TotalCount')
    } while (cursor !== '')
    expect(seen).toHaveLength(Number(total))
    expect(new Set(seen).size).toBe(seen.length)
    expect(seen.every((number) => BigInt(number) > 2n ** 53n)).toBe(true)
    expect(seen.some((number) => String(Number(number)) !== number)).toBe(true)
  })

  test('a period bounds the history on both sides', async () => {
    const page = await call('GetTransactionHistory', {
      AccountId: 'AC-00000101',
      Period: '<core:FromDate>2026-02-01</core:FromDate><core:ToDate>2026-02-02</core:ToDate>',
      Paging: '',
    })
    expect(new Set(page.all('//core:BookingDate'))).toEqual(new Set(['2026-02-01', '2026-02-02']))
  })

  test('one entry is found by its number, past what a double holds; none is an empty response', async () => {
    const page = await call('GetTransactionHistory', {
      AccountId: 'AC-00000102',
      Paging: '<core:MaxRows>1</core:MaxRows>',
    })
    const number = page.one('//core:SequenceNumber')
    const entry = await call('GetTransaction', { AccountId: 'AC-00000102', SequenceNumber: number })
    expect(entry.one('//core:SequenceNumber')).toBe(number)
    expect(entry.one('//core:CounterpartyName/@xsi:nil')).toBe('true')
    const next = String(BigInt(number) + 1n)
    const none = await call('GetTransaction', { AccountId: 'AC-00000102', SequenceNumber: next })
    expect(none.all('//core:Transaction')).toEqual([])
  })
})

describe('payments', () => {
  test('a payment is settled: balance, history and the creditor see it', async () => {
    const before = Number(await bookedBalance('AC-00000101'))
    const paid = await pay({ to: 'AccountId>AC-00000104', amount: '12.3', id: 'P-1' })
    expect(paid.one('//core:Payment/core:Status')).toBe('ACSC')
    expect(Number(await bookedBalance('AC-00000101'))).toBeCloseTo(before - 12.3, 2)
    expect(await bookedBalance('AC-00000104')).toBe('12.30')
    const history = await call('GetTransactionHistory', {
      AccountId: 'AC-00000101',
      Paging: '<core:MaxRows>1</core:MaxRows>',
    })
    expect(history.one('//core:PaymentId')).toBe(paid.one('//core:PaymentId'))
    expect(history.one('//core:SequenceNumber')).toBe(paid.one('//core:SequenceNumber'))
    expect(history.one('//core:CounterpartyName')).toBe('Kelp & Co <Fernhill>')
    expect(history.all('//core:RemittanceLine')).toEqual(['one', 'two'])
  })

  test('a payment for a later day waits, moves nothing and can be cancelled once', async () => {
    const before = await bookedBalance('AC-00000101')
    const ordered = await pay({ day: '2026-04-01', id: 'P-2' })
    const PaymentId = ordered.one('//core:PaymentId')
    expect(ordered.one('//core:SettledAt/@xsi:nil')).toBe('true')
    expect(await bookedBalance('AC-00000101')).toBe(before)
    const pending = await call('ListPayments', { AccountId: 'AC-00000101', Status: 'PDNG', Paging: '' })
    expect(pending.all('//core:PaymentId')).toEqual([PaymentId, 'PMT-0000000002'])
    const cancelled = await call('CancelPayment', { PaymentId, Reason: 'CUST' })
    expect(cancelled.one('//core:Status')).toBe('CANC')
    expect((await call('CancelPayment', { PaymentId, Reason: 'CUST' })).name).toBe(
      'PaymentNotCancellableFault',
    )
    expect((await call('GetPayment', { PaymentId })).one('//core:Status')).toBe('CANC')
  })
})

describe('standing orders', () => {
  test('one is created, amended, cancelled and listed', async () => {
    const created = await call('CreateStandingOrder', {
      AccountId: 'AC-00000104',
      Terms: terms('2026-03-31'),
    })
    const StandingOrderId = created.one('//core:StandingOrderId')
    expect(created.one('//core:NextExecutionDate')).toBe('2026-03-31')
    const amended = await call('AmendStandingOrder', {
      StandingOrderId,
      Terms: terms('2026-05-31', '2026-12-31'),
    })
    expect(amended.one('//core:FinalExecutionDate')).toBe('2026-12-31')
    const cancelled = await call('CancelStandingOrder', { StandingOrderId })
    expect(cancelled.one('//core:CancelledAt')).toBe('2026-03-31T11:00:00+01:00')
    const listed = await call('ListStandingOrders', { AccountId: 'AC-00000104' })
    expect(listed.all('//core:Status')).toEqual(['CANCELLED'])
    expect(listed.one('//core:NextExecutionDate/@xsi:nil')).toBe('true')
  })

  test('a monthly order of the 31st falls on the last day of shorter months', async () => {
    await bank.close()
    bank = await startCoreBanking({ now: () => new Date('2026-04-02T10:00:00Z') })
    const order = await call('GetStandingOrder', { StandingOrderId: 'SO-00000001' })
    expect(order.one('//core:NextExecutionDate')).toBe('2026-04-30')
  })
})

function isSoapMethod(value: unknown): value is soap.SoapMethod {
  return typeof value === 'function'
}

describe('the server', () => {
  test("node-soap's own client reads the same answers", async () => {
    const wsdl = fileURLToPath(new URL('../../../wsdl/banking/core-banking.wsdl', import.meta.url))
    const client = await soap.createClientAsync(wsdl, { disableCache: true }, bank.url)
    const method: unknown = client.GetAccount
    const answer = await new Promise<unknown>((resolve, reject) => {
      if (!isSoapMethod(method)) throw new TypeError('The WSDL has no GetAccount')
      method({ AccountId: 'AC-00000101' }, (error: unknown, result: unknown) => {
        if (error instanceof Error) reject(error)
        else resolve(result)
      })
    })
    expect(answer).toMatchObject({ Account: { Nickname: 'Daily', Identification: { BIC: 'FERNIE22' } } })
  })

  test('it serves its WSDL', async () => {
    const response = await fetch(`${bank.url}?wsdl`)
    expect(await response.text()).toContain('name="CoreBankingSoap11"')
  })

  test('closing drops connections that are kept alive, and the port is free again', async () => {
    const other = await startCoreBanking()
    await fetch(`${other.url}?wsdl`).then((response) => response.text())
    const listenPort = Number(new URL(other.url).port)
    await other.close()
    const again = await startCoreBanking({ listenPort })
    expect(again.url).toBe(other.url)
    await again.close()
  })

  test('a port that is taken is an error', async () => {
    const listenPort = Number(new URL(bank.url).port)
    await expect(startCoreBanking({ listenPort })).rejects.toThrow('EADDRINUSE')
  })
})
