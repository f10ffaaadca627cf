import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { apiOf } from './api.js'
import { deploy, type Deployment } from './deployment.js'

let deployment: Deployment

beforeAll(async () => {
  deployment = await deploy()
})

afterAll(() => deployment.close())

const http = () => apiOf(deployment.app)

describe('customers', () => {
  it('reads a person', async () => {
    const { status, type, body } = await http().get('/v1/customers/C000000101')
    expect(status).toBe(200)
    expect(type).toBe('application/json')
    expect(body).toEqual({
      customerId: 'C000000101',
      personName: { title: 'Dr', givenNames: ['Ada', 'Wren'], familyName: 'Fernsby' },
      dateOfBirth: '1988-02-29',
      taxIdentifier: '0042-7781',
      segment: 'RETAIL',
      customerSince: '2014-03-01',
      contactDetails: {
        postalAddress: {
          streetName: 'Lantern Street',
          buildingNumber: '7',
          postCode: '00417',
          townName: 'Fernhill',
          country: 'IE',
        },
        emailAddress: 'ada.fernsby@mail.example',
        mobileNumber: '+353-015550101',
        preferredLanguage: 'en-IE',
      },
      marketingConsent: false,
      lastUpdated: '2024-11-05T08:15:30+01:00',
    })
  })

  it('reads an organisation: the other branch of the choice, and a nil', async () => {
    const { body } = await http().get('/v1/customers/C000000102').expect(200)
    expect(body).toMatchObject({
      organisationName: 'Tidewater Ceramics Ltd & Sons',
      contactDetails: { mobileNumber: null },
    })
    expect(body).not.toHaveProperty('personName')
    expect(body).not.toHaveProperty('dateOfBirth')
  })

  it('patches: absent stays, null removes, a value replaces', async () => {
    const path = '/v1/customers/C000000103/contact-details'
    const before = await http().get('/v1/customers/C000000103').expect(200)
    expect(before.body).toMatchObject({ contactDetails: { emailAddress: null, mobileNumber: null } })

    const set = await http()
      .patch(path)
      .send({ emailAddress: 'bram@mail.example', mobileNumber: '+353-1' })
      .expect(200)
    expect(set.body).toEqual({
      ...(before.body as { contactDetails: object }).contactDetails,
      emailAddress: 'bram@mail.example',
      mobileNumber: '+353-1',
    })

    const unset = await http().patch(path).send({ emailAddress: null }).expect(200)
    expect(unset.body).toMatchObject({ emailAddress: null, mobileNumber: '+353-1', preferredLanguage: 'nl' })
    const after = await http().get('/v1/customers/C000000103').expect(200)
    expect(after.body).toMatchObject({ contactDetails: unset.body as object })
  })

  it('passes markup and white space through untouched', async () => {
    const postalAddress = {
      streetName: `<b>&amp; "Row" 'n' ]]> 漢字 😀`,
      postCode: '00001',
      townName: 'two  spaces',
      country: 'IE',
    }
    const path = '/v1/customers/C000000103/contact-details'
    const { status, body } = await http().patch(path).send({ postalAddress })
    expect([status, body]).toEqual([200, expect.objectContaining({ postalAddress })])
  })
})

describe('accounts', () => {
  it('lists the accounts of a customer, filtered and not', async () => {
    const { body } = await http().get('/v1/customers/C000000101/accounts').expect(200)
    expect((body as { items: { accountId: string }[] }).items.map(({ accountId }) => accountId)).toEqual([
      'AC-00000101',
      'AC-00000102',
      'AC-00000103',
      'AC-00000104',
    ])
    const closed = await http().get('/v1/customers/C000000101/accounts?status=CLOSED').expect(200)
    expect(closed.body).toMatchObject({ items: [{ accountId: 'AC-00000103', closedOn: '2025-06-30' }] })
    const none = await http().get('/v1/customers/C000000102/accounts?status=BLOCKED').expect(200)
    expect(none.body).toEqual({ items: [] })
  })

  it('reads an account', async () => {
    const { body } = await http().get('/v1/accounts/AC-00000101').expect(200)
    expect(body).toMatchObject({
      accountId: 'AC-00000101',
      bic: expect.stringMatching(/^[A-Z0-9]{8,11}$/) as string,
      iban: expect.stringMatching(/^IE\d\dFERN/) as string,
      nickname: 'Daily',
      status: 'OPEN',
      closedOn: null,
      overdraftLimit: { value: '500.00', currency: 'EUR' },
      interestRate: '0.00',
      holders: [{ customerId: 'C000000101', role: 'OWNER' }],
    })
    const shared = await http().get('/v1/accounts/AC-00000104').expect(200)
    expect(shared.body).toMatchObject({ holders: [{ role: 'OWNER' }, { role: 'AUTHORISED' }] })
    expect(shared.body).not.toHaveProperty('overdraftLimit')
  })

  it('opens an account, finds it at its Location, and closes it', async () => {
    const opened = await http()
      .post('/v1/customers/C000000102/accounts')
      .send({ accountType: 'SAVINGS', currency: 'EUR', nickname: '漢 & <b>' })
      .expect(201)
    const { location } = opened.headers
    expect(location).toMatch(/^\/v1\/accounts\/AC-\d{8}$/)
    expect(opened.body).toMatchObject({ nickname: '漢 & <b>', status: 'OPEN', closedOn: null })
    const read = await http()
      .get(location ?? '')
      .expect(200)
    expect(read.body).toEqual(opened.body)

    const closed = await http().delete(`${location}?reason=SWITCHED`).expect(204)
    expect(closed.text).toBe('')
    expect(closed.headers).not.toHaveProperty('content-type')
    const after = await http()
      .get(location ?? '')
      .expect(200)
    expect(after.body).toMatchObject({
      status: 'CLOSED',
      closedOn: expect.stringMatching(/^\d{4}-\d\d-\d\d$/) as string,
    })
    const again = await http()
      .delete(location ?? '')
      .expect(409)
    expect(again.body).toMatchObject({ code: 'AccountClosedFault' })
  })

  it('lists balances with their exact decimals and zones', async () => {
    const { body } = await http().get('/v1/accounts/AC-00000102/balances').expect(200)
    expect(body).toMatchObject({
      accountId: 'AC-00000102',
      items: [
        { type: 'ITBD', amount: { value: '10000.00', currency: 'EUR' }, direction: 'CRDT' },
        { type: 'ITAV' },
        { type: 'PRCD' },
      ],
    })
    const [first] = (body as { items: { asOf: string }[] }).items
    expect(first?.asOf).toMatch(/T\d\d:\d\d:\d\d\+01:00$/)
  })
})

describe('entries', () => {
  interface Page {
    totalCount: number
    nextCursor: string | null
    items: { sequenceNumber: string; direction: string; bookingDate: string }[]
  }
  const page = async (query: string): Promise<Page> =>
    (await http().get(`/v1/accounts/AC-00000101/transactions${query}`).expect(200)).body as Page

  it('pages through all of them, each once, the latest first', async () => {
    const seen: string[] = []
    let cursor: string | null = ''
    let pages = 0
    while (cursor !== null) {
      const after: string = cursor === '' ? '' : `&after=${encodeURIComponent(cursor)}`
      const { items, nextCursor, totalCount } = await page(`?limit=40${after}`)
      expect(totalCount).toBe(125)
      seen.push(...items.map(({ sequenceNumber }) => sequenceNumber))
      cursor = nextCursor
      pages += 1
    }
    expect(pages).toBe(4)
    expect(new Set(seen).size).toBe(125)
    expect(seen.map(BigInt).every((number, i, all) => i === 0 || number < (all[i - 1] ?? 0n))).toBe(true)
  })

  it('says as many as the contract does by default', async () => {
    expect((await page('')).items).toHaveLength(50)
  })

  it('filters by direction and by day', async () => {
    const credits = await page('?direction=CRDT')
    expect(credits.items.length).toBe(4)
    expect(credits.items.every(({ direction }) => direction === 'CRDT')).toBe(true)
    const day = credits.items[0]?.bookingDate ?? ''
    const one = await page(`?from=${day}&to=${day}&direction=CRDT`)
    expect(one).toMatchObject({ totalCount: 1, nextCursor: null, items: [{ bookingDate: day }] })
  })

  it('brings numbers past 2^53 digit for digit, there and back', async () => {
    const { items } = await page('?limit=5')
    const numbers = items.map(({ sequenceNumber }) => sequenceNumber)
    expect(numbers.every((number) => BigInt(number) > 2n ** 53n)).toBe(true)
    expect(numbers.some((number) => String(Number(number)) !== number)).toBe(true)
    for (const number of numbers) {
      const { body } = await http().get(`/v1/accounts/AC-00000101/transactions/${number}`).expect(200)
      expect(body).toMatchObject({ sequenceNumber: number })
    }
  })

  it('answers an entry that the account does not have with 404', async () => {
    const { body } = await http().get('/v1/accounts/AC-00000101/transactions/9223372036854775807').expect(404)
    expect(body).toMatchObject({ code: 'resource-not-found', status: 404 })
  })

  it('has empty lists and nulls where the backend says so', async () => {
    const { body } = await http().get('/v1/accounts/AC-00000102/transactions').expect(200)
    expect(body).toMatchObject({
      totalCount: 1,
      nextCursor: null,
      items: [
        {
          counterpartyName: null,
          remittanceLines: [],
          amount: { value: '10000.00' },
          balanceAfter: '10000.00',
        },
      ],
    })
    const empty = await http().get('/v1/accounts/AC-00000104/transactions').expect(200)
    expect(empty.body).toEqual({ totalCount: 0, nextCursor: null, items: [] })
  })
})
