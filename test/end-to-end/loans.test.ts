import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { apiOf } from './api.js'
import { deploy, type Deployment } from './deployment.js'

let deployment: Deployment

beforeAll(async () => {
  deployment = await deploy()
})

afterAll(() => deployment.close())

const http = () => apiOf(deployment.app)

const eur = (value: string) => ({ value, currency: 'EUR' })
const address = {
  lines: ['7 Lantern Street', 'Back door'],
  town: 'Fernhill',
  postCode: '00417',
  country: 'IE',
}
const ada = {
  person: {
    customerNumber: 'C000000101',
    givenName: 'Ada',
    familyName: 'Fernsby',
    birthDate: '1988-02-29',
    address,
    employment: 'self-employed',
    dependantCount: 255,
  },
}
const company = { company: { legalName: 'Tidewater & Sons', lei: null, address } }
const property = {
  address,
  marketValue: eur('315000.00'),
  livingArea: '104.5',
  energyClass: 'B',
  yearBuilt: '1998',
}
const vehicle = {
  make: 'Larkspur',
  model: 'Tern',
  firstRegistration: '2023-04',
  price: eur('16900.00'),
  vin: 'LKS7DRV00PN004217',
  condition: 'used',
}
const applications = {
  mortgage: {
    type: 'mortgage',
    product: 'MGHOME20',
    channel: 'branch-7',
    applicants: [ada, company],
    amount: eur('240000.00'),
    termMonths: 300,
    monthlyIncome: eur('6100.05'),
    remark: 'Line one & <two>',
    property,
    ownFunds: eur('75000.00'),
    fixedRateYears: 15,
  },
  consumer: {
    type: 'consumer',
    product: 'CLFLEX',
    channel: 'online',
    applicants: [ada],
    amount: eur('4000.00'),
    termMonths: 24,
    monthlyIncome: eur('9000.00'),
    insured: true,
    purpose: 'furnishing',
    collateral: [
      { vehicle },
      { deposit: { accountNumber: 'AC-00000105', balance: eur('1500.00') } },
      { property },
      { vehicle: { make: 'Larkspur', model: 'Wren', price: eur('1.00'), condition: 'new' } },
      { guarantee: { guarantor: company, limit: eur('0.01') } },
    ],
  },
  vehicle: {
    type: 'vehicle',
    product: 'VHDRIVE',
    channel: 'online',
    applicants: [company],
    amount: eur('14500.00'),
    termMonths: 48,
    monthlyIncome: eur('3900.00'),
    vehicle,
    downPayment: eur('2400.00'),
    residualValue: eur('1000.00'),
  },
}

describe('products', () => {
  it('lists them, with attributes and elements as members alike', async () => {
    const { body } = await http().get('/v1/loan-products').expect(200)
    const { items } = body as { items: { code: string }[] }
    expect(items.map(({ code }) => code)).toEqual(['CLFLEX', 'MGHOME20', 'VHDRIVE'])
    expect(items[0]).toMatchObject({
      category: 'consumer',
      minimumAmount: eur('500.00'),
      minimumTermMonths: 6,
      nominalRate: '6.4900',
      description: 'Pay back early at any time & free of charge.',
    })
  })

  it('filters by what goes into attributes', async () => {
    const { body } = await http().get('/v1/loan-products?category=vehicle&amount=3000.00').expect(200)
    expect(body).toMatchObject({ items: [{ code: 'VHDRIVE', rateType: 'variable' }] })
    const none = await http().get('/v1/loan-products?category=vehicle&amount=2999.99').expect(200)
    expect(none.body).toMatchObject({ items: [] })
  })
})

describe('applications', () => {
  it.each(Object.entries(applications))(
    'keeps a %s application, member for member',
    async (_type, application) => {
      const created = await http().post('/v1/loan-applications').send(application).expect(201)
      const location = created.headers.location ?? ''
      expect(location).toMatch(/^\/v1\/loan-applications\/LA-\d{4}-\d{6}$/)
      expect((created.body as { application: object }).application).toEqual(application)
      expect((await http().get(location).expect(200)).body).toEqual(created.body)
    },
  )

  it('decides a small consumer loan at once', async () => {
    const { body } = await http().post('/v1/loan-applications').send(applications.consumer).expect(201)
    expect(body).toMatchObject({
      status: 'approved',
      decision: {
        nominalRate: '6.4900',
        reasons: [],
        monthlyInstalment: { currency: 'EUR' },
        decidedAt: expect.stringMatching(/\+01:00$/) as string,
      },
    })
    const tight = {
      ...applications.consumer,
      amount: eur('5000.00'),
      termMonths: 6,
      monthlyIncome: eur('100.00'),
    }
    const declined = await http().post('/v1/loan-applications').send(tight).expect(201)
    expect(declined.body).toMatchObject({
      status: 'declined',
      decision: { nominalRate: null, reasons: ['The instalment is above a third of the income'] },
    })
    const { location } = declined.headers
    const refused = await http()
      .delete(location ?? '')
      .expect(409)
    expect(refused.body).toMatchObject({ fault: { status: 'declined' } })
  })

  it('does not decide the others', async () => {
    const { body } = await http().post('/v1/loan-applications').send(applications.mortgage).expect(201)
    expect(body).toMatchObject({ status: 'received' })
    expect(body).not.toHaveProperty('decision')
  })

  it('has a default of its own where the XSD has one and the client said nothing', async () => {
    const silent: Partial<typeof applications.consumer> = { ...applications.consumer }
    delete silent.channel
    delete silent.insured
    const { body } = await http().post('/v1/loan-applications').send(silent).expect(201)
    expect((body as { application: object }).application).toMatchObject(silent)
  })

  it('withdraws one', async () => {
    const created = await http().post('/v1/loan-applications').send(applications.vehicle).expect(201)
    const location = created.headers.location ?? ''
    await http()
      .delete(`${location}?reason=${encodeURIComponent('Found <another> & cheaper')}`)
      .expect(204)
    expect((await http().get(location).expect(200)).body).toMatchObject({ status: 'withdrawn' })
    await http().delete(location).expect(409)
  })

  it('finds those of a customer, by offset and by several states', async () => {
    const all = await http().get('/v1/loan-applications?customerId=C000000101').expect(200)
    const { totalCount, items } = all.body as { totalCount: number; items: { applicationNumber: string }[] }
    expect(totalCount).toBe(items.length)
    expect(totalCount).toBeGreaterThanOrEqual(6)
    const page = await http().get('/v1/loan-applications?customerId=C000000101&offset=1&limit=2').expect(200)
    expect(page.body).toEqual({ totalCount, items: items.slice(1, 3) })
    const some = await http()
      .get('/v1/loan-applications?customerId=C000000101&status=declined&status=approved')
      .expect(200)
    const states = (some.body as { items: { status: string }[] }).items.map(({ status }) => status)
    expect(new Set(states)).toEqual(new Set(['declined', 'approved']))
    const declined = await http()
      .get('/v1/loan-applications?customerId=C000000101&status=declined')
      .expect(200)
    expect(declined.body).toMatchObject({ totalCount: 1, items: [{ status: 'declined' }] })
    const none = await http().get('/v1/loan-applications?customerId=C999999999').expect(200)
    expect(none.body).toEqual({ totalCount: 0, items: [] })
  })

  it.each([
    ['no type', { type: undefined }, '/type'],
    ['an unknown type', { type: 'yacht' }, '/type'],
    ['members of another type', { purpose: 'travel' }, '/purpose'],
    ['two kinds of applicant in one', { applicants: [{ ...ada, ...company }] }, '/applicants/0'],
    ['no applicant', { applicants: [] }, '/applicants'],
  ])('refuses %s', async (_what, change, pointer) => {
    const { body } = await http()
      .post('/v1/loan-applications')
      .send({ ...applications.vehicle, ...change })
      .expect(400)
    const { errors } = body as { errors: { pointer: string }[] }
    expect(errors.map((error) => error.pointer)).toContain(pointer)
  })

  it('refuses with 422 what JSON Schema allows and the XSD does not', async () => {
    const amount = eur('14500.005')
    const { body } = await http()
      .post('/v1/loan-applications')
      .send({ ...applications.vehicle, amount })
      .expect(422)
    expect(body).toMatchObject({ code: 'request-unencodable', errors: [{ pointer: '/amount/value' }] })
  })
})

describe('loans', () => {
  it('tells the kinds by xsi:type, with numbers past 2^63', async () => {
    const mortgage = await http().get('/v1/loans/9100000000000000017').expect(200)
    expect(mortgage.body).toMatchObject({
      type: 'mortgage',
      loanNumber: '9100000000000000017',
      landRegister: 'FH-2210/7',
      fixedUntil: '2036-05-02',
      property: { ...property, address: { lines: ['7 Lantern Street'] } },
      borrowers: [{ person: { givenName: 'Ada Wren', dependantCount: 1 } }, { person: { givenName: 'Ivo' } }],
    })
    const van = await http().get('/v1/loans/9100000000000000018').expect(200)
    expect(van.body).toMatchObject({
      type: 'vehicle',
      status: 'arrears',
      borrowers: [{ company: { lei: null, legalName: 'Tidewater Ceramics Ltd & Sons' } }],
      vehicle: { firstRegistration: '2025-01' },
    })
    const consumer = await http().get('/v1/loans/18446744073709551615').expect(200)
    expect(consumer.body).toMatchObject({
      type: 'consumer',
      loanNumber: '18446744073709551615',
      purpose: 'education',
      nextDue: null,
    })
  })

  it('has a schedule, from a day on', async () => {
    const { body } = await http().get('/v1/loans/9100000000000000017/repayment-schedule').expect(200)
    const { instalments } = body as { instalments: { number: number; dueDate: string; paid?: boolean }[] }
    expect(instalments).toHaveLength(300)
    expect(instalments.map(({ number }) => number)).toEqual([...instalments.keys()].map((index) => index + 1))
    expect(instalments[0]).toMatchObject({ paid: true })
    const from = instalments[200]?.dueDate ?? ''
    const later = await http()
      .get(`/v1/loans/9100000000000000017/repayment-schedule?from=${from}`)
      .expect(200)
    expect((later.body as { instalments: object[] }).instalments).toEqual(instalments.slice(200))
  })
})
