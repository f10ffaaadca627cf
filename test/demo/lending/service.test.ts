import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest'
import { startLending } from '../../../src/demo/lending/service.js'
import type { DemoBackend } from '../../../src/demo/soap-server.js'
import { type Answer, SoapPeer } from '../soap-peer.js'

const peer = new SoapPeer({
  soapVersion: '1.2',
  schema: 'banking/lending-messages.xsd',
  namespaces: {
    m: 'urn:interchange-example:lending:messages:2',
    l: 'urn:interchange-example:lending:loan:2',
    p: 'urn:interchange-example:lending:party:2',
  },
})
let lender: DemoBackend

beforeEach(async () => {
  lender = await startLending({ now: () => new Date('2026-03-31T10:00:00Z') })
})

afterEach(async () => {
  peer.clear()
  await lender.close()
})

afterAll(() => {
  peer.dispose()
})

const operations: Readonly<Record<string, string>> = {
  ProductQuery: 'ListProducts',
  ApplicationSubmission: 'SubmitApplication',
  ApplicationEnquiry: 'GetApplication',
  ApplicationSearch: 'FindApplications',
  ApplicationWithdrawal: 'WithdrawApplication',
  LoanEnquiry: 'GetLoan',
  ScheduleEnquiry: 'GetRepaymentSchedule',
}

function send(message: string, attributes = '', content = ''): Promise<Answer> {
  const action = `urn:interchange-example:lending:service:2/${operations[message] ?? ''}`
  return peer.call(lender.url, `<m:${message} ${attributes}>${content}</m:${message}>`, action)
}

const address = (element: string) =>
  `<${element} postCode="00417" country="IE"><p:Line>7 Lantern Street</p:Line><p:Line>Flat 2</p:Line><p:Town>Fernhill</p:Town></${element}>`
const person = `<p:Person customerNumber="C000000101"><p:GivenName>Ada</p:GivenName><p:FamilyName>Fernsby &amp; Co</p:FamilyName>
  <p:BirthDate>1988-02-29</p:BirthDate>${address('p:Address')}<p:Employment>self-employed</p:Employment></p:Person>`
const company = `<p:Company><p:LegalName>Kelp Ltd</p:LegalName><p:LEI xsi:nil="true"/>${address('p:Address')}</p:Company>`
const eur = (element: string, amount: string) => `<l:${element} Ccy="EUR">${amount}</l:${element}>`

interface Wish {
  readonly product?: string
  readonly amount?: string
  readonly term?: number
  readonly income?: string
  readonly applicants?: readonly string[]
  readonly type?: string
  readonly own?: string
}

function apply(wish: Wish = {}): Promise<Answer> {
  const { product = 'CLFLEX', amount = '4000.00', term = 24, income = '3000.00' } = wish
  const {
    applicants = [person],
    type = 'ConsumerLoanApplication',
    own = '<l:Purpose>travel</l:Purpose>',
  } = wish
  return send(
    'ApplicationSubmission',
    '',
    `<m:Application xsi:type="l:${type}" product="${product}">
      ${applicants.map((applicant) => `<l:Applicant>${applicant}</l:Applicant>`).join('')}
      ${eur('Amount', amount)}<l:Term>${term}</l:Term>${eur('MonthlyIncome', income)}${own}</m:Application>`,
  )
}

const car = `<l:Vehicle condition="used"><l:Make>Larkspur</l:Make><l:Model>Tern</l:Model>
  <l:FirstRegistration>2023-04</l:FirstRegistration>${eur('Price', '16900.00')}</l:Vehicle>`
const house = `<l:Property energyClass="C" yearBuilt="1987">${address('l:Address')}${eur('MarketValue', '310000.00')}</l:Property>`

/** Received before the start. */
const SEEDED = 'LA-2026-000001'

describe('faults', () => {
  const cases: [fault: string, () => Promise<Answer>, xpath: string, value: string][] = [
    ['ProductNotFoundFault', () => apply({ product: 'XXNONE' }), '@product', 'XXNONE'],
    ['ApplicationInvalidFault', () => apply({ product: 'VHDRIVE' }), 'm:Expected', 'vehicle'],
    ['AmountOutOfRangeFault', () => apply({ amount: '499.99' }), 'm:Minimum', '500.00'],
    ['AmountOutOfRangeFault', () => apply({ amount: '30000.01' }), 'm:Maximum/@Ccy', 'EUR'],
    ['NotEligibleFault', () => apply({ term: 85 }), 'm:Criterion', 'A term of 6 to 84 months'],
    [
      'ApplicationNotFoundFault',
      () => send('ApplicationEnquiry', 'number="LA-2026-999999"'),
      '@number',
      'LA-2026-999999',
    ],
    [
      'ApplicationNotFoundFault',
      () => send('ApplicationWithdrawal', 'number="LA-2026-999999"'),
      '@number',
      'LA-2026-999999',
    ],
    [
      'LoanNotFoundFault',
      () => send('LoanEnquiry', 'number="9100000000000000016"'),
      '@number',
      '9100000000000000016',
    ],
    ['LoanNotFoundFault', () => send('ScheduleEnquiry', 'number="1"'), '@code', 'LN01'],
  ]

  test.each(cases)('%s with its typed detail', async (fault, provoke, xpath, value) => {
    const answer = await provoke()
    expect(answer).toMatchObject({ name: fault, status: 400 })
    expect(answer.one('//env:Fault/env:Code/env:Value')).toBe('soap:Sender')
    expect(answer.one('//env:Fault/env:Reason/env:Text')).toBe(answer.one('//env:Detail/*/m:Message'))
    expect(answer.one(`//env:Detail/m:${fault}/${xpath}`)).toBe(value)
  })

  test('several criteria are all named', async () => {
    const answer = await apply({ term: 85, income: '0' })
    expect(answer.all('//m:Criterion')).toHaveLength(2)
  })

  test('an application is withdrawn once', async () => {
    const number = `number="${(await apply()).one('//@number')}"`
    expect((await send('ApplicationWithdrawal', number)).name).toBe('WithdrawalConfirmation')
    const again = await send('ApplicationWithdrawal', number)
    expect(again.one('//m:ApplicationNotWithdrawableFault/@status')).toBe('withdrawn')
    expect((await send('ApplicationEnquiry', number)).one('//m:ApplicationReport/@status')).toBe('withdrawn')
  })
})

describe('products', () => {
  test.each([
    ['', ['CLFLEX', 'MGHOME20', 'VHDRIVE']],
    ['category="mortgage"', ['MGHOME20']],
    ['amount="55000.00"', ['MGHOME20', 'VHDRIVE']],
    ['category="consumer" amount="55000.00"', []],
  ])('with %s', async (criteria, codes) => {
    expect((await send('ProductQuery', criteria)).all('//m:Product/@code')).toEqual(codes)
  })
})

describe('applications', () => {
  test('a small consumer loan is approved at once', async () => {
    const answer = await apply()
    expect(answer.one('//m:ApplicationReceipt/@status')).toBe('approved')
    // 4000 at 6.49 % over 24 months, by the annuity formula: 178.1669…, rounded up to a cent.
    expect(answer.one('//l:MonthlyInstalment')).toBe('178.17')
  })

  test('one that the income does not carry is declined, with a reason and no rate', async () => {
    const answer = await apply({ income: '100.00' })
    expect(answer.one('//@status')).toBe('declined')
    expect(answer.one('//l:Decision/l:NominalRate/@xsi:nil')).toBe('1')
    expect(answer.all('//l:Decision/l:Reason')).toHaveLength(1)
  })

  const kinds: [
    type: string,
    product: string,
    amount: string,
    term: number,
    own: string,
    xpath: string,
    value: string,
  ][] = [
    [
      'MortgageApplication',
      'MGHOME20',
      '250000.00',
      300,
      `${house}${eur('OwnFunds', '60000')}<l:FixedRateYears>10</l:FixedRateYears>`,
      '//l:Property/@yearBuilt',
      '1987',
    ],
    [
      'VehicleLoanApplication',
      'VHDRIVE',
      '14500.00',
      48,
      `${car}${eur('DownPayment', '2400.5')}`,
      '//l:DownPayment',
      '2400.50',
    ],
    [
      'ConsumerLoanApplication',
      'CLFLEX',
      '9000.00',
      48,
      `<l:Purpose>education</l:Purpose>
       <l:Collateral><l:Deposit><l:AccountNumber>AC-1</l:AccountNumber>${eur('Balance', '100.00')}</l:Deposit></l:Collateral>
       <l:Collateral><l:Guarantee><l:Guarantor>${company}</l:Guarantor>${eur('Limit', '5000.00')}</l:Guarantee></l:Collateral>
       <l:Collateral>${car}</l:Collateral><l:Collateral>${house}</l:Collateral>`,
      '//l:Collateral[2]/l:Guarantee/l:Guarantor/p:Company/p:LEI/@xsi:nil',
      '1',
    ],
  ]

  test.each(kinds)('%s comes back as it was sent', async (type, product, amount, term, own, xpath, value) => {
    const sent = await apply({ type, product, amount, term, own, applicants: [person, company] })
    expect(sent.one('//m:ApplicationReceipt/@status')).toBe('received')
    const kept = await send('ApplicationEnquiry', `number="${sent.one('//@number')}"`)
    expect(kept.one('//l:Application/@xsi:type')).toBe(`loan:${type}`)
    expect(kept.one(xpath)).toBe(value)
    expect(kept.one('//l:Applicant[1]/p:Person/p:FamilyName')).toBe('Fernsby & Co')
    expect(kept.all('//l:Applicant[1]//p:Line')).toEqual(['7 Lantern Street', 'Flat 2'])
    expect(kept.all('//l:Collateral/*').length).toBe(type === 'ConsumerLoanApplication' ? 4 : 0)
  })

  test('those of a customer are found by state, the latest first, part by part', async () => {
    const numbers: string[] = []
    for (const amount of ['1000.00', '6000.00', '7000.00'])
      numbers.push((await apply({ amount })).one('//@number'))
    await apply({ applicants: [company] })
    const search = (attributes: string, states = '') =>
      send('ApplicationSearch', attributes, `<m:CustomerNumber>C000000101</m:CustomerNumber>${states}`)
    const all = await search('')
    expect(all.all('//m:Record/@number')).toEqual([...numbers.toReversed(), SEEDED])
    const part = await search('offset="1" limit="1"')
    expect(part.one('//m:ApplicationList/@total')).toBe('4')
    expect(part.all('//m:Record/@number')).toEqual(numbers.slice(1, 2))
    const states = await search('', '<m:Status>received</m:Status><m:Status>withdrawn</m:Status>')
    expect(states.all('//m:Record/@number')).toEqual([...numbers.slice(1).toReversed(), SEEDED])
  })
})

describe('loans', () => {
  test.each([
    ['9100000000000000017', 'loan:MortgageLoan', '//l:Property/l:Address/p:Line'],
    ['9100000000000000018', 'loan:VehicleLoan', '//l:Vehicle/@vin'],
    ['18446744073709551615', 'loan:ConsumerLoan', '//l:Purpose'],
  ])('%s is a %s', async (number, type, own) => {
    const answer = await send('LoanEnquiry', `number="${number}"`)
    expect(answer.one('//m:Loan/@number')).toBe(number)
    expect(answer.one('//m:Loan/@xsi:type')).toBe(type)
    expect(answer.all(own)).toHaveLength(1)
  })

  test('a loan that is repaid has no next day and nothing outstanding', async () => {
    const answer = await send('LoanEnquiry', 'number="18446744073709551615"')
    expect(answer.one('//l:NextDue/@xsi:nil')).toBe('1')
    expect(answer.one('//l:Outstanding')).toBe('0.00')
  })

  test('a schedule repays the principal to the cent', async () => {
    const answer = await send('ScheduleEnquiry', 'number="9100000000000000018"')
    const cents = (xpath: string) => answer.all(xpath).map((amount) => Number(amount.replace('.', '')))
    const sum = (amounts: number[]) => amounts.reduce((a, b) => a + b, 0)
    expect(answer.all('//m:Instalment')).toHaveLength(60)
    expect(sum(cents('//l:Repayment'))).toBe(2_750_000)
    expect(cents('//l:Balance').at(-1)).toBe(0)
    expect(cents('//m:TotalInterest')).toEqual([sum(cents('//l:Interest'))])
  })

  test('a schedule begins with the day that is asked for; arrears are not paid', async () => {
    const answer = await send(
      'ScheduleEnquiry',
      'number="9100000000000000018"',
      '<m:FromDate>2026-02-15</m:FromDate>',
    )
    expect(answer.all('//m:Instalment[position() < 4]/l:DueDate')).toEqual([
      '2026-02-15',
      '2026-03-15',
      '2026-04-15',
    ])
    expect(answer.all('//m:Instalment[position() < 4]/@paid')).toEqual(['1', '0', '0'])
  })
})

test('an application without xsi:type is refused with a fault that the WSDL does not declare', async () => {
  const response = await fetch(lender.url, {
    method: 'POST',
    headers: { 'content-type': 'application/soap+xml' },
    body: `<e:Envelope xmlns:e="${peer.envelope}"><e:Body><ApplicationSubmission xmlns="urn:interchange-example:lending:messages:2"><Application product="CLFLEX"/></ApplicationSubmission></e:Body></e:Envelope>`,
  })
  expect(response.status).toBe(500)
  expect(await response.text()).toContain('An application needs the xsi:type')
})
