import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { apiOf } from './api.js'
import { deploy, type Deployment } from './deployment.js'

let deployment: Deployment

beforeAll(async () => {
  deployment = await deploy()
})

afterAll(() => deployment.close())

const http = () => apiOf(deployment.app)

const rent = {
  instructionId: "A/b-1?:().,'+",
  endToEndId: 'E2E <1> & "2"',
  debtorAccountId: 'AC-00000101',
  creditor: { name: 'Harbour Row Lettings', iban: 'XK051212012345678906', bic: 'HARBXKPR' },
  amount: { value: '12.30', currency: 'EUR' },
  priority: 'INST',
  chargeBearer: 'SLEV',
  remittanceLines: ['Rent December', ']]>  & <x>', '漢字 😀'],
}

const booked = async (account: string): Promise<bigint> => {
  const { body } = await http().get(`/v1/accounts/${account}/balances`).expect(200)
  const [balance] = (body as { items: { type: string; amount: { value: string }; direction: string }[] })
    .items
  const cents = BigInt((balance?.amount.value ?? '').replace('.', ''))
  return balance?.direction === 'DBIT' ? -cents : cents
}

describe('payments', () => {
  it('shows what was ordered at its Location, in the history, in the list and in the balance', async () => {
    const before = await booked('AC-00000101')
    const created = await http().post('/v1/payments').send(rent).expect(201)
    expect(created.body).toMatchObject({
      status: 'ACSC',
      statusReason: null,
      instruction: rent,
      settledAt: expect.stringMatching(/\+01:00$/) as string,
    })
    expect((created.body as { instruction: object }).instruction).toEqual(rent)
    const { location } = created.headers
    const { paymentId, sequenceNumber } = created.body as { paymentId: string; sequenceNumber: string }
    expect(location).toBe(`/v1/payments/${paymentId}`)
    expect(
      (
        await http()
          .get(location ?? '')
          .expect(200)
      ).body,
    ).toEqual(created.body)

    const entry = await http().get(`/v1/accounts/AC-00000101/transactions/${sequenceNumber}`).expect(200)
    expect(entry.body).toMatchObject({
      sequenceNumber,
      paymentId,
      amount: { value: '12.30', currency: 'EUR' },
      direction: 'DBIT',
      counterpartyIban: 'XK051212012345678906',
      remittanceLines: rent.remittanceLines,
    })
    const history = await http().get('/v1/accounts/AC-00000101/transactions?limit=1').expect(200)
    expect(history.body).toMatchObject({ items: [entry.body as object] })
    const list = await http().get('/v1/accounts/AC-00000101/payments?limit=1&status=ACSC').expect(200)
    expect(list.body).toMatchObject({ items: [created.body as object] })
    expect(await booked('AC-00000101')).toBe(before - 1230n)
  })

  it('books a payment within the bank on both sides', async () => {
    const before = await booked('AC-00000102')
    const creditor = { name: 'Own savings', accountId: 'AC-00000102' }
    await http()
      .post('/v1/payments')
      .send({ ...rent, instructionId: 'within', creditor })
      .expect(201)
    expect(await booked('AC-00000102')).toBe(before + 1230n)
  })

  it('keeps a payment for its day, and cancels it', async () => {
    const created = await http()
      .post('/v1/payments')
      .send({ ...rent, instructionId: 'later', requestedExecutionDate: '2999-12-31' })
      .expect(201)
    expect(created.body).toMatchObject({
      status: 'PDNG',
      settledAt: null,
      instruction: { requestedExecutionDate: '2999-12-31' },
    })
    expect(created.body).not.toHaveProperty('sequenceNumber')
    const { location } = created.headers
    const cancelled = await http().post(`${location}/cancellation`).send({ reason: 'DUPL' }).expect(200)
    expect(cancelled.body).toMatchObject({ status: 'CANC', statusReason: 'Cancelled: DUPL' })
    expect(
      (
        await http()
          .get(location ?? '')
          .expect(200)
      ).body,
    ).toEqual(cancelled.body)
    const again = await http().post(`${location}/cancellation`).send({ reason: 'CUST' }).expect(409)
    expect(again.body).toMatchObject({ fault: { status: 'CANC' } })
  })

  it('pages by cursor', async () => {
    const first = await http().get('/v1/accounts/AC-00000101/payments?limit=1').expect(200)
    const { nextCursor, items } = first.body as { nextCursor: string; items: { paymentId: string }[] }
    expect(items).toHaveLength(1)
    const second = await http()
      .get(`/v1/accounts/AC-00000101/payments`)
      .query({ limit: 200, after: nextCursor })
      .expect(200)
    const rest = second.body as { nextCursor: null; items: { paymentId: string }[]; totalCount: number }
    expect(rest.nextCursor).toBeNull()
    expect(rest.items).toHaveLength(rest.totalCount - 1)
    expect(rest.items.map(({ paymentId }) => paymentId)).not.toContain(items[0]?.paymentId)
  })

  it.each([
    ['both ways to name the creditor', { ...rent.creditor, accountId: 'AC-00000102' }],
    ['neither', { name: 'Nobody' }],
  ])('refuses %s', async (_which, creditor) => {
    const { body } = await http()
      .post('/v1/payments')
      .send({ ...rent, creditor })
      .expect(400)
    expect(body).toMatchObject({ code: 'request-invalid' })
    expect((body as { errors: { pointer: string }[] }).errors.map(({ pointer }) => pointer)).toContain(
      '/creditor',
    )
  })

  it('sends the members in the order of the schema, whatever the order of the client', async () => {
    const reversed = Object.fromEntries(Object.entries({ ...rent, instructionId: 'reversed' }).reverse())
    await http().post('/v1/payments').send(reversed).expect(201)
  })
})

describe('standing orders', () => {
  const terms = {
    creditor: { name: 'Harbour Row Lettings', iban: 'XK051212012345678906' },
    amount: { value: '845.00', currency: 'EUR' },
    frequency: 'MNTH',
    firstExecutionDate: '2999-01-31',
    finalExecutionDate: null,
    reference: 'Rent',
  }

  it('lists them', async () => {
    const { body } = await http().get('/v1/accounts/AC-00000101/standing-orders').expect(200)
    expect(body).toMatchObject({
      items: [
        { standingOrderId: 'SO-00000001', status: 'ACTIVE', terms: { finalExecutionDate: null } },
        { standingOrderId: 'SO-00000002', status: 'CANCELLED', nextExecutionDate: null },
      ],
    })
  })

  it('creates one, replaces its terms and cancels it', async () => {
    const created = await http().post('/v1/accounts/AC-00000102/standing-orders').send(terms).expect(201)
    const location = created.headers.location ?? ''
    expect(created.body).toMatchObject({ accountId: 'AC-00000102', status: 'ACTIVE', terms })
    expect((await http().get(location).expect(200)).body).toEqual(created.body)

    const replacement: Partial<typeof terms> = {
      ...terms,
      amount: { value: '0.01', currency: 'EUR' },
    }
    delete replacement.reference
    const replaced = await http().put(location).send(replacement).expect(200)
    expect((replaced.body as { terms: object }).terms).toEqual(replacement)

    await http().delete(location).expect(204)
    const cancelled = await http().get(location).expect(200)
    expect(cancelled.body).toMatchObject({ status: 'CANCELLED', nextExecutionDate: null, terms: replacement })
    await http().delete(location).expect(204)
  })

  it('tells null, which is required here, from absent', async () => {
    const without = { ...terms, finalExecutionDate: undefined }
    const { body } = await http().post('/v1/accounts/AC-00000102/standing-orders').send(without).expect(400)
    expect(body).toMatchObject({ errors: [{ pointer: '/finalExecutionDate' }] })
  })
})
