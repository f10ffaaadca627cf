import { createHash, randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { apiOf } from './api.js'
import { deploy, type Deployment } from './deployment.js'

let deployment: Deployment

beforeAll(async () => {
  deployment = await deploy()
})

afterAll(() => deployment.close())

const http = () => apiOf(deployment.app)

const practitioner = {
  practitionerId: { value: 'D-0001', assigningAuthority: '2.999.10.2', type: 'NI' },
  name: { use: 'official', prefixes: ['Dr'], given: ['Hippolyta'], family: 'Balmwell', suffixes: [] },
}

const fernsby = {
  identifiers: [
    { value: '4711-0815', assigningAuthority: '2.999.10.1', type: 'MR', assigningAuthorityName: 'A & <B>' },
  ],
  names: [
    {
      use: 'official',
      prefixes: ['Dr', 'Prof'],
      given: ['Bartholomew', '漢'],
      family: "O'Fernsby",
      suffixes: ['jr'],
    },
    { use: 'maiden', prefixes: [], given: ['Bart'], family: 'Fern', suffixes: [] },
  ],
  gender: 'M',
  birthDate: '1971-11-05',
  multipleBirthOrder: null,
  deceasedDate: '2019-03',
  maritalStatus: {
    code: 'M',
    codeSystem: '2.16.840.1.113883.5.2',
    displayName: 'Married',
    originalText: 'married  (since 2011)',
    translations: [
      {
        code: '2',
        codeSystem: '2.999.20.1',
        translations: [{ code: 'two', codeSystem: '2.999.20.2', translations: [] }],
      },
    ],
  },
  languages: ['en-GB', 'cy'],
  addresses: [
    {
      use: 'home',
      lines: ['3 Imaginary Row', 'Flat <4>'],
      city: 'Nowhere',
      postalCode: 'ZZ1 9ZZ',
      countryCode: 'GB',
    },
  ],
  telecoms: [{ system: 'email', use: 'home', value: 'b.fernsby@mail.example' }],
  generalPractitioner: practitioner,
}

describe('patients', () => {
  it('registers one, finds it and reads it at its Location', async () => {
    const created = await http().post('/v1/patients').send(fernsby).expect(201)
    const { patientId } = created.body as { patientId: string }
    expect(created.headers.location).toBe(`/v1/patients/${patientId}`)
    expect(created.body).toEqual({
      ...fernsby,
      patientId,
      version: 1,
      status: 'active',
      lastUpdated: expect.stringMatching(/^\d{4}-.*Z$/) as string,
    })
    expect((await http().get(`/v1/patients/${patientId}`).expect(200)).body).toEqual(created.body)

    const found = await http()
      .get('/v1/patients')
      .query({ family: "O'Fern", birthDate: '1971-11-05' })
      .expect(200)
    expect(found.body).toMatchObject({
      totalCount: 1,
      items: [{ patientId, score: 0.75, name: fernsby.names[0], city: 'Nowhere', gender: 'M' }],
    })
  })

  it('searches with several states, offsets and identifiers', async () => {
    const active = await http().get('/v1/patients?family=quil').expect(200)
    const { items } = active.body as { items: { patientId: string }[] }
    expect(items.map(({ patientId }) => patientId)).toEqual(['P00000001', 'P00000002'])
    const second = await http().get('/v1/patients?family=quil&offset=1&limit=1').expect(200)
    expect(second.body).toEqual({ totalCount: 2, items: items.slice(1) })
    const both = await http().get('/v1/patients?family=d&status=active&status=inactive').expect(200)
    expect(both.body).toMatchObject({ items: [{ patientId: 'P00000008', status: 'inactive' }] })
    const single = await http().get('/v1/patients?family=d&status=inactive').expect(200)
    expect(single.body).toEqual(both.body)
    const one = await http().get('/v1/patients?identifier=0000-0001').expect(200)
    expect(one.body).toMatchObject({ totalCount: 1, items: [{ patientId: 'P00000001', score: 1 }] })
    const none = await http().get('/v1/patients?family=zzz').expect(200)
    expect(none.body).toEqual({ totalCount: 0, items: [] })
  })

  it('keeps null, absent and empty apart', async () => {
    const odette = await http().get('/v1/patients/P00000001').expect(200)
    expect(odette.body).toMatchObject({ multipleBirthOrder: null, languages: ['en-GB', 'cy'] })
    expect(odette.body).not.toHaveProperty('deceased')
    const ignatius = await http().get('/v1/patients/P00000002').expect(200)
    expect(ignatius.body).toMatchObject({ deceasedDate: '2019-03', birthDate: '1950-07-04', identifiers: [] })
    expect(ignatius.body).not.toHaveProperty('multipleBirthOrder')
    expect(ignatius.body).not.toHaveProperty('generalPractitioner')
    const peregrine = await http().get('/v1/patients/P00000003').expect(200)
    expect(peregrine.body).toMatchObject({
      multipleBirthOrder: 2,
      deceased: false,
      generalPractitioner: null,
      telecoms: [],
    })
  })

  it('replaces one: what is left out is gone', async () => {
    const minimal = {
      names: [{ given: ['Peregrine'], family: 'Thistle' }],
      gender: 'UNK',
      birthDate: '2015-12-31',
    }
    const { body } = await http().put('/v1/patients/P00000003?version=1').send(minimal).expect(200)
    expect(body).toMatchObject({
      version: 2,
      names: [{ given: ['Peregrine'], family: 'Thistle' }],
      gender: 'UNK',
    })
    for (const gone of ['deceased', 'multipleBirthOrder', 'generalPractitioner'])
      expect(body).not.toHaveProperty(gone)
    expect((await http().get('/v1/patients/P00000003').expect(200)).body).toEqual(body)
  })

  it('amends one: absent stays, null erases, a value replaces', async () => {
    const before = (await http().get('/v1/patients/P00000001').expect(200)).body as { addresses: object[] }
    const telecoms = [{ system: 'phone', use: 'mobile', rank: 1, value: '+44 20 7946 0999' }]
    const { body } = await http()
      .patch('/v1/patients/P00000001?version=1')
      .send({ languages: null, telecoms, generalPractitioner: null, deceasedDate: '2024' })
      .expect(200)
    expect(body).toMatchObject({ version: 2, telecoms, deceasedDate: '2024', addresses: before.addresses })
    expect(body).not.toHaveProperty('generalPractitioner')
    expect((body as { languages?: string[] }).languages ?? []).toEqual([])
    await http()
      .patch('/v1/patients/P00000001?version=1')
      .send({ languages: ['en'] })
      .expect(409)
  })

  it('takes one out of use, and merges', async () => {
    const twin = { names: [{ given: ['Odet'], family: 'Double' }], gender: 'F', birthDate: '1984-02-29' }
    const created = await http().post('/v1/patients').send(twin).expect(201)
    const location = created.headers.location ?? ''
    await http().delete(`${location}?mergeInto=P00000001`).expect(204)
    const gone = await http().get(location).expect(404)
    expect(gone.body).toMatchObject({ fault: { survivingPatientId: 'P00000001' } })
  })

  it.each([
    ['both branches of a choice', { deceased: true, deceasedDate: '2020' }],
    ['what is not a language', { languages: ['en GB'] }],
  ])('refuses %s with 422', async (_what, change) => {
    const { body } = await http()
      .post('/v1/patients')
      .send({ ...fernsby, ...change })
      .expect(422)
    expect(body).toMatchObject({ code: 'request-unencodable' })
  })
})

describe('coverages', () => {
  it('lists them in their order, days without a shift', async () => {
    const { body } = await http().get('/v1/patients/P00000001/coverages').expect(200)
    expect(body).toMatchObject({
      items: [
        {
          coverageId: 'CV-000001',
          payer: { name: 'Umbrella & Galoshes Mutual' },
          copayment: { amount: '12.50', currency: 'GBP' },
        },
        { coverageId: 'CV-000002', period: { start: '2001-01-01', end: '2014-12-31' } },
      ],
    })
    const none = await http().get('/v1/patients/P00000002/coverages').expect(200)
    expect(none.body).toEqual({ items: [] })
  })

  it.each([
    ['P00000001', 'CV-000001', 'eligible'],
    ['P00000001', 'CV-000002', 'ineligible'],
    ['P00000003', 'CV-000003', 'undetermined'],
  ])('asks for %s and %s and gets the one branch %s', async (patientId, coverageId, branch) => {
    const { body } = await http()
      .post(`/v1/patients/${patientId}/coverages/${coverageId}/eligibility-checks`)
      .send({ serviceDate: '2024-05-17', serviceType: { code: '33', codeSystem: '2.999.30.1' } })
      .expect(201)
    const branches = ['eligible', 'ineligible', 'undetermined'].filter((each) => each in (body as object))
    expect(branches).toEqual([branch])
    if (branch === 'eligible') {
      expect(body).toMatchObject({ eligible: { remainingBenefit: null, authorizationRequired: false } })
    }
  })

  it('writes the digits of a decimal that the contract has as a number', async () => {
    const { text } = await http()
      .post('/v1/patients/P00000001/coverages/CV-000001/eligibility-checks')
      .send({ serviceDate: '2024-05-17', serviceType: { code: '33', codeSystem: '2.999.30.1' } })
      .expect(201)
    expect(text).toContain('"coveredPercent":80.00')
  })
})

describe('observations', () => {
  const path = '/v1/patients/P00000001/observations'

  it('pages by token, newest first, and keeps the zones', async () => {
    const times: string[] = []
    let cursor: string | null = ''
    while (cursor !== null) {
      const { body } = await http()
        .get(path)
        .query({ limit: 3, ...(cursor !== '' && { after: cursor }) })
        .expect(200)
      const page = body as { nextCursor: string | null; items: { effectiveTime: string }[] }
      times.push(...page.items.map(({ effectiveTime }) => effectiveTime))
      cursor = page.nextCursor
    }
    expect(times).toEqual([
      '2024-05-17T08:15:00+01:00',
      '2024-05-16T18:59:30.500+01:00',
      '2023-11-02T11:00:00-05:00',
      '2023-01-12T09:30:00Z',
    ])
  })

  it('has the value of one of three kinds', async () => {
    const { body } = await http()
      .get(path)
      .query({ category: ['laboratory', 'imaging'] })
      .expect(200)
    expect(body).toMatchObject({
      items: [
        {
          valueQuantity: { value: '6.10', unit: 'mmol/L' },
          interpretation: ['H', 'U'],
          referenceRange: { low: { value: '3.5' }, high: { value: '5.3' } },
          notes: ['Sample slightly haemolysed.', 'Repeat.'],
        },
        { valueText: 'No abnormality <seen> & none "suspected".', notes: [] },
      ],
    })
  })

  it('records one, exactly', async () => {
    const observation = {
      category: 'laboratory',
      status: 'final',
      code: {
        code: '2823-3',
        codeSystem: '2.16.840.1.113883.6.1',
        displayName: 'Potassium',
        translations: [],
      },
      effectiveTime: '2024-05-17T08:15:00.120-11:30',
      valueQuantity: {
        value: '-0.000000000000000000012345678901234567890',
        unit: 'mmol/L',
        comparator: 'LE',
      },
      interpretation: ['H', 'U'],
      referenceRange: { low: { value: '3.50', unit: 'mmol/L' } },
      notes: ['a', 'a'],
    }
    const { body } = await http().post('/v1/patients/P00000002/observations').send(observation).expect(201)
    expect(body).toEqual({
      ...observation,
      observationId: expect.stringMatching(/^OB-\d{8}$/) as string,
      recordedAt: expect.stringMatching(/^\d{4}-.*Z$/) as string,
    })
    const list = await http().get('/v1/patients/P00000002/observations').expect(200)
    expect(list.body).toMatchObject({ nextCursor: null, items: [body as object] })
  })

  it.each([
    ['two values', { valueText: 'x', valueQuantity: { value: '1', unit: 'g' } }],
    ['no value', {}],
  ])('refuses %s with 422', async (_what, value) => {
    const { body } = await http()
      .post('/v1/patients/P00000002/observations')
      .send({
        category: 'laboratory',
        status: 'final',
        code: { code: '1', codeSystem: '2.999' },
        effectiveTime: '2024-05-17T08:15:00Z',
        ...value,
      })
      .expect(422)
    expect(body).toMatchObject({ code: 'request-unencodable' })
  })
})

describe('documents', () => {
  it('lists metadata, and an absent list as empty', async () => {
    const { body } = await http().get('/v1/patients/P00000001/documents').expect(200)
    expect(body).toMatchObject({
      items: [{ mediaType: 'text/plain', title: 'Discharge letter', keywords: ['discharge', 'letter'] }],
    })
    const none = await http().get('/v1/patients/P00000002/documents').expect(200)
    expect(none.body).toEqual({ items: [] })
  })

  it('files one and brings the same bytes back', async () => {
    const bytes = randomBytes(30_001)
    const submission = {
      mediaType: 'application/pdf',
      type: { code: '18842-5', codeSystem: '2.16.840.1.113883.6.1' },
      title: 'Scan <1> & "2"',
      authoredOn: '2024-05-17T16:05:00+01:00',
      keywords: ['a', 'b'],
      content: bytes.toString('base64'),
      sha256: createHash('sha256').update(bytes).digest('hex'),
    }
    const created = await http().post('/v1/patients/P00000002/documents').send(submission).expect(201)
    expect(created.body).toMatchObject({
      mediaType: 'application/pdf',
      size: 30_001,
      title: submission.title,
    })
    const read = await http()
      .get(created.headers.location ?? '')
      .expect(200)
    expect((read.body as { content: string }).content).toBe(submission.content)
    expect(read.body).toMatchObject({ patientId: 'P00000002', metadata: created.body as object })
  })
})

describe('restricted records', () => {
  it.each([
    '/v1/patients/P00000004',
    '/v1/patients/P00000004/documents',
    '/v1/patients/P00000004/observations',
    '/v1/documents/00000000-0000-4000-8000-000000000002',
  ])('opens %s to the purpose that a header gives', async (path) => {
    await http().get(path).set('Purpose-Of-Use', 'ETREAT').expect(200)
    await http().get(path).set('Purpose-Of-Use', 'TREAT').expect(403)
    const { body } = await http().get(path).set('Purpose-Of-Use', 'CURIOSITY').expect(400)
    expect(body).toMatchObject({ errors: [{ pointer: 'header/purpose-of-use' }] })
  })
})
