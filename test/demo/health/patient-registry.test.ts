import { createHash } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import { XmlDocument, type XmlElement, XsdValidator } from 'libxml2-wasm'
import { xmlRegisterFsInputProviders } from 'libxml2-wasm/lib/nodejs.mjs'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { startPatientRegistry } from '../../../src/demo/health/patient-registry.js'
import type { DemoBackend } from '../../../src/demo/soap-server.js'

const namespaces = {
  env: 'http://www.w3.org/2003/05/soap-envelope',
  msg: 'http://schemas.mhic.example/patient-registry/messages/v2',
  flt: 'http://schemas.mhic.example/patient-registry/faults/v2',
  pat: 'http://schemas.mhic.example/patient/v2',
  cov: 'http://schemas.mhic.example/coverage/v2',
  cli: 'http://schemas.mhic.example/clinical/v2',
  dt: 'http://schemas.mhic.example/datatypes/v3',
  xsi: 'http://www.w3.org/2001/XMLSchema-instance',
}
const declarations = Object.entries(namespaces)
  .map(([prefix, uri]) => `xmlns:${prefix}="${uri}"`)
  .join(' ')

let validator: XsdValidator
let registry: DemoBackend
const documents: XmlDocument[] = []

beforeAll(() => {
  xmlRegisterFsInputProviders()
  const schema = `<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">
    <xs:import namespace="${namespaces.msg}" schemaLocation="messages.xsd"/>
    <xs:import namespace="${namespaces.flt}" schemaLocation="faults.xsd"/>
  </xs:schema>`
  const url = fileURLToPath(new URL('../../../wsdl/health/all.xsd', import.meta.url))
  const document = XmlDocument.fromString(schema, { url })
  validator = XsdValidator.fromDoc(document)
  document.dispose()
})

afterAll(() => {
  validator.dispose()
})

beforeEach(async () => {
  registry = await startPatientRegistry()
})

afterEach(async () => {
  await registry.close()
  for (const document of documents.splice(0)) document.dispose()
})

class Answer {
  constructor(
    readonly status: number,
    readonly contentType: string,
    readonly document: XmlDocument,
  ) {}

  /** Text of every node that the path finds. */
  all(xpath: string): string[] {
    return this.document.find(xpath, namespaces).map((node) => node.content)
  }

  one(xpath: string): string {
    const found = this.all(xpath)
    expect(found, xpath).toHaveLength(1)
    return found[0] ?? ''
  }
}

function parse(xml: string): XmlDocument {
  const document = XmlDocument.fromString(xml)
  documents.push(document)
  return document
}

function validate(document: XmlDocument, xpath: string): void {
  const found = document.find(xpath, namespaces)
  expect(found, xpath).toHaveLength(1)
  validator.validate(found[0] as XmlElement)
}

/** Sends an operation's input element; both it and the response must be valid. */
async function call(operation: string, content = ''): Promise<Answer> {
  const envelope = `<env:Envelope ${declarations}><env:Body><msg:${operation}>${content}</msg:${operation}></env:Body></env:Envelope>`
  validate(parse(envelope), '/env:Envelope/env:Body/*')
  const response = await fetch(registry.url, {
    method: 'POST',
    headers: {
      'content-type': `application/soap+xml; charset=utf-8; action="http://schemas.mhic.example/patient-registry/v2/${operation}"`,
    },
    body: envelope,
  })
  const document = parse(await response.text())
  const isFault = document.find('/env:Envelope/env:Body/env:Fault', namespaces).length > 0
  validate(document, isFault ? '//env:Fault/env:Detail/*' : `/env:Envelope/env:Body/msg:${operation}Response`)
  return new Answer(response.status, response.headers.get('content-type') ?? '', document)
}

const patientId = (id: string) => `<msg:PatientId>${id}</msg:PatientId>`
const emergency = '<msg:AccessContext purposeOfUse="ETREAT"/>'

function demographics({ family = 'Fernsby', birthDate = '1971-11-05', rest = '' } = {}): string {
  return `<pat:Demographics><pat:Name use="official"><dt:Given>Bartholomew</dt:Given><dt:Given>Æthel</dt:Given>
    <dt:Family>${family}</dt:Family></pat:Name><pat:AdministrativeGender>M</pat:AdministrativeGender>
    <pat:BirthDate>${birthDate}</pat:BirthDate>${rest}</pat:Demographics>`
}

function observation(time: string, value = '<cli:ValueText></cli:ValueText>'): string {
  return `<msg:Observation category="laboratory" status="final">
    <cli:Code code="2823-3" codeSystem="2.16.840.1.113883.6.1"/><cli:EffectiveTime>${time}</cli:EffectiveTime>${value}
  </msg:Observation>`
}

function submission(content: string, rest = ''): string {
  return `${patientId('P00000001')}<msg:Description mediaType="image/png">
    <cli:Type code="36643-5" codeSystem="2.16.840.1.113883.6.1"/><cli:Title>Chest</cli:Title>
    <cli:AuthoredOn>2024-02-29T23:59:59+13:00</cli:AuthoredOn><cli:Keyword>a</cli:Keyword><cli:Keyword>b</cli:Keyword>
  </msg:Description><msg:Content>${content}</msg:Content>${rest}`
}

describe('patients', () => {
  test('a registered patient is found and read as it was sent', async () => {
    const registered = await call(
      'RegisterPatient',
      `<msg:Patient>
        <pat:Identifier assigningAuthority="2.999.10.1" type="MR">4711</pat:Identifier>
        ${demographics({
          birthDate: '1971-11-05-11:00',
          rest: `<pat:MultipleBirthOrder xsi:nil="true"/><pat:DeceasedDate>2020</pat:DeceasedDate>
            <pat:MaritalStatus code="W" codeSystem="2.16.840.1.113883.5.2"><dt:OriginalText>a &lt; b  &amp; c</dt:OriginalText>
              <dt:Translation code="x" codeSystem="2.999.1"><dt:Translation code="y" codeSystem="2.999.2"/></dt:Translation>
            </pat:MaritalStatus><pat:Languages>en cy</pat:Languages>`,
        })}
        <pat:ContactDetails><pat:AddressList/><pat:TelecomList>
          <pat:Telecom system="email" rank="1">b@mail.example</pat:Telecom></pat:TelecomList></pat:ContactDetails>
        <pat:GeneralPractitioner xsi:nil="true"/>
      </msg:Patient>`,
    )
    expect(registered.status).toBe(200)
    expect(registered.contentType).toContain('application/soap+xml')
    const id = registered.one('//msg:Patient/@id')

    const found = await call(
      'FindPatients',
      '<msg:Query><msg:Family>fern</msg:Family><msg:BirthDate>1971-11-05</msg:BirthDate></msg:Query>',
    )
    expect(found.one('//msg:TotalCount')).toBe('1')
    expect(found.one('//msg:Patients/msg:Patient/@id')).toBe(id)

    const read = await call('GetPatient', patientId(id))
    expect(read.one('//pat:BirthDate')).toBe('1971-11-05-11:00')
    expect(read.all('//dt:Given')).toEqual(['Bartholomew', 'Æthel'])
    expect(read.one('//pat:MultipleBirthOrder/@xsi:nil')).toBe('true')
    expect(read.one('//pat:GeneralPractitioner/@xsi:nil')).toBe('true')
    expect(read.one('//dt:OriginalText')).toBe('a < b  & c')
    expect(read.one('//pat:MaritalStatus/dt:Translation/dt:Translation/@code')).toBe('y')
    expect(read.one('//pat:Languages')).toBe('en cy')
    expect(read.one('//pat:AddressList')).toBe('')
    expect(read.one('//pat:Telecom[@rank="1"]')).toBe('b@mail.example')
    expect(read.one('//msg:Patient/@version')).toBe('1')
  })

  test('pages of a search share the total and no hit', async () => {
    const page = (offset: number) =>
      call(
        'FindPatients',
        `<msg:Query><msg:Family>Quill</msg:Family></msg:Query>
         <msg:Paging><msg:Offset>${offset}</msg:Offset><msg:MaxResults>1</msg:MaxResults></msg:Paging>`,
      )
    const pages = [await page(0), await page(1), await page(2)]
    expect(pages.map((each) => each.one('//msg:TotalCount'))).toEqual(['2', '2', '2'])
    expect(pages.flatMap((each) => each.all('//msg:Patient/@id'))).toEqual(['P00000001', 'P00000002'])
  })

  test.each([
    ['by identifier', '<msg:Identifier>0000-0001</msg:Identifier>', ['P00000001']],
    ['out of use', '<msg:Family>D</msg:Family><msg:Status>inactive</msg:Status>', ['P00000008']],
    ['in use only, by default', '<msg:Family>Dust</msg:Family>', []],
    [
      'of one gender',
      '<msg:Family>Q</msg:Family><msg:AdministrativeGender>M</msg:AdministrativeGender>',
      ['P00000002'],
    ],
    ['never restricted ones', '<msg:Family>Hush</msg:Family>', []],
  ])('finds %s', async (_case, query, ids) => {
    const answer = await call('FindPatients', `<msg:Query>${query}</msg:Query>`)
    expect(answer.all('//msg:Patient/@id')).toEqual(ids)
  })

  test('an update replaces the content and raises the version', async () => {
    const content = `<msg:ExpectedVersion>1</msg:ExpectedVersion><msg:Patient>${demographics()}</msg:Patient>`
    const updated = await call('UpdatePatient', patientId('P00000001') + content)
    expect(updated.one('//msg:Patient/@version')).toBe('2')
    const read = await call('GetPatient', patientId('P00000001'))
    expect(read.one('//dt:Family')).toBe('Fernsby')
    expect(read.all('//pat:ContactDetails')).toEqual([])
  })

  test('an amendment replaces, erases or leaves', async () => {
    await call(
      'AmendPatient',
      `${patientId('P00000001')}<msg:Amendment>
        <pat:TelecomList><pat:Telecom system="pager">7</pat:Telecom></pat:TelecomList>
        <pat:Languages xsi:nil="true"/>
      </msg:Amendment>`,
    )
    const read = await call('GetPatient', patientId('P00000001'))
    expect(read.all('//pat:Telecom')).toEqual(['7'])
    expect(read.all('//pat:Languages')).toEqual([])
    expect(read.one('//pat:MaritalStatus/@code')).toBe('M')
    expect(read.one('//pat:AddressList//dt:City')).toBe('Nowhere-on-Sea')
  })

  test('a merged patient is not found; the fault names the survivor', async () => {
    const survivor = '<msg:SurvivingPatientId>P00000001</msg:SurvivingPatientId>'
    await call('DeactivatePatient', patientId('P00000002') + survivor)
    const gone = await call('GetPatient', patientId('P00000002'))
    expect(gone.one('//flt:PatientNotFound/flt:SurvivingPatientId')).toBe('P00000001')
  })

  test('a deactivated patient can be read, not changed', async () => {
    const deactivated = await call('DeactivatePatient', patientId('P00000003'))
    const read = await call('GetPatient', patientId('P00000003'))
    expect(read.one('//msg:Patient/@status')).toBe('inactive')
    const again = await call('DeactivatePatient', patientId('P00000003'))
    expect(again.one('//flt:PatientInactive/flt:InactiveSince')).toBe(deactivated.one('//msg:InactiveSince'))
  })
})

describe('coverage', () => {
  const check = (patient: string, coverage: string, day: string) =>
    call(
      'CheckEligibility',
      `${patientId(patient)}<msg:CoverageId>${coverage}</msg:CoverageId><msg:ServiceDate>${day}</msg:ServiceDate>
       <msg:ServiceType code="33" codeSystem="2.999.30.1"/>`,
    )

  test.each([
    ['P00000001', ['CV-000001', 'CV-000002']],
    ['P00000002', []],
  ])('lists those of %s', async (patient, ids) => {
    const answer = await call('ListCoverages', patientId(patient))
    expect(answer.all('//msg:Coverage/cov:CoverageId')).toEqual(ids)
  })

  test.each([
    ['P00000001', 'CV-000001', '2024-05-17', 'Eligible'],
    ['P00000001', 'CV-000001', '2014-12-31', 'Ineligible'],
    ['P00000001', 'CV-000002', '2014-12-31-05:00', 'Eligible'],
    ['P00000001', 'CV-000002', '2015-01-01', 'Ineligible'],
    ['P00000003', 'CV-000003', '2024-05-17', 'Undetermined'],
  ])('%s with %s on %s: %s', async (patient, coverage, day, result) => {
    const answer = await check(patient, coverage, day)
    expect(answer.all(`//msg:Result/cov:${result}`)).toHaveLength(1)
    expect(answer.one('//cov:ServiceDate')).toBe(day)
  })
})

describe('observations', () => {
  const list = (rest = '') => call('ListObservations', patientId('P00000001') + rest)

  test.each([
    ['all, newest first', '', ['OB-00000001', 'OB-00000002', 'OB-00000003', 'OB-00000004']],
    [
      'of two categories',
      '<msg:Category>imaging</msg:Category><msg:Category>laboratory</msg:Category>',
      ['OB-00000001', 'OB-00000004'],
    ],
    [
      'from day to day',
      '<msg:From>2023-01-12</msg:From><msg:To>2023-11-02</msg:To>',
      ['OB-00000003', 'OB-00000004'],
    ],
  ])('lists %s', async (_case, filter, ids) => {
    expect((await list(filter)).all('//msg:Observation/@id')).toEqual(ids)
  })

  test('pages until there is no token', async () => {
    const seen: string[] = []
    let token = ''
    do {
      const page = await list(`<msg:MaxResults>3</msg:MaxResults>${token}`)
      seen.push(...page.all('//msg:Observation/@id'))
      const next = page.all('//msg:ContinuationToken[not(@xsi:nil)]')[0]
      token = next === undefined ? '' : `<msg:ContinuationToken>${next}</msg:ContinuationToken>`
    } while (token !== '')
    expect(seen).toEqual(['OB-00000001', 'OB-00000002', 'OB-00000003', 'OB-00000004'])
  })

  test.each([
    ['<cli:ValueText></cli:ValueText>', '//cli:ValueText', ''],
    ['<cli:ValueText>two\n  lines</cli:ValueText>', '//cli:ValueText', 'two\n  lines'],
    ['<cli:ValueQuantity value="+06.100" unit="mmol/L"/>', '//cli:ValueQuantity/@value', '+06.100'],
    ['<cli:ValueCode code="a" codeSystem="1.2"/>', '//cli:ValueCode/@codeSystem', '1.2'],
  ])('records %s and shows it', async (value, xpath, expected) => {
    const time = '2024-06-01T00:30:00.120-09:30'
    const recorded = await call(
      'RecordObservation',
      patientId('P00000001') + observation(time, `${value}<cli:Note/><cli:Note>n</cli:Note>`),
    )
    const id = recorded.one('//msg:Observation/@id')
    const shown = await list('<msg:MaxResults>1</msg:MaxResults>')
    expect(shown.one('//msg:Observation/@id')).toBe(id)
    expect(shown.one('//cli:EffectiveTime')).toBe(time)
    expect(shown.one(xpath)).toBe(expected)
    expect(shown.all('//cli:Note')).toEqual(['', 'n'])
  })
})

describe('documents', () => {
  const documentId = (id: string) => `<msg:DocumentId>${id}</msg:DocumentId>`

  test('a submitted document is listed and read, byte by byte', async () => {
    const bytes = Buffer.from(Array.from({ length: 70_000 }, (_, index) => (index * 7) % 256))
    const hash = createHash('sha256').update(bytes).digest('hex')
    const submitted = await call(
      'SubmitDocument',
      submission(bytes.toString('base64'), `<msg:Sha256>${hash}</msg:Sha256>`),
    )
    const id = submitted.one('//msg:Metadata/@id')
    const listed = await call('ListDocuments', patientId('P00000001'))
    expect(listed.all('//msg:Document/@id')).toEqual(['00000000-0000-4000-8000-000000000001', id])
    const read = await call('GetDocument', documentId(id))
    expect(Buffer.from(read.one('//msg:Content'), 'base64').equals(bytes)).toBe(true)
    expect(read.one('//cli:Size')).toBe('70000')
    expect(read.one('//cli:Sha256').toLowerCase()).toBe(hash)
    expect(read.all('//cli:Keyword')).toEqual(['a', 'b'])
  })

  test('no document, no list', async () => {
    const listed = await call('ListDocuments', patientId('P00000002'))
    expect(listed.all('//msg:DocumentList')).toEqual([])
  })

  test('emergency treatment opens a restricted record', async () => {
    const read = await call('GetDocument', emergency + documentId('00000000-0000-4000-8000-000000000002'))
    expect(read.one('//msg:PatientId')).toBe('P00000004')
    const patient = await call('GetPatient', emergency + patientId('P00000004'))
    expect(patient.one('//msg:Patient/@id')).toBe('P00000004')
  })
})

describe('faults', () => {
  const unknown = patientId('P99999999')
  const inactive = patientId('P00000008')
  const seed = patientId('P00000001')
  const patient = `<msg:Patient>${demographics()}</msg:Patient>`
  const stale = '<msg:ExpectedVersion>7</msg:ExpectedVersion>'
  const fresh = '<msg:ExpectedVersion>1</msg:ExpectedVersion>'
  const check = '<msg:ServiceDate>2024-01-01</msg:ServiceDate><msg:ServiceType code="1" codeSystem="1.2"/>'
  const twin = `<msg:Patient>${demographics({ family: 'QUILLBY', birthDate: '1950-07-04' })}</msg:Patient>`
  const unborn = `<msg:Patient>${demographics({ birthDate: '2999-01-01', family: 'R2D2' })}</msg:Patient>`
  const email =
    '<msg:Amendment><pat:TelecomList><pat:Telecom system="email">nobody</pat:Telecom></pat:TelecomList></msg:Amendment>'
  const restricted = '00000000-0000-4000-8000-000000000002'

  test.each([
    ['GetPatient', unknown, 'PatientNotFound', 'flt:PatientId', 'P99999999'],
    ['GetPatient', patientId('P00000009'), 'PatientNotFound', 'flt:SurvivingPatientId', 'P00000001'],
    ['UpdatePatient', unknown + fresh + patient, 'PatientNotFound', 'flt:ErrorCode', 'PR-0404'],
    ['AmendPatient', `${unknown}<msg:Amendment/>`, 'PatientNotFound', 'flt:ErrorCode', 'PR-0404'],
    ['DeactivatePatient', unknown, 'PatientNotFound', 'flt:ErrorCode', 'PR-0404'],
    ['ListCoverages', unknown, 'PatientNotFound', 'flt:ErrorCode', 'PR-0404'],
    [
      'CheckEligibility',
      `${unknown}<msg:CoverageId>CV-000001</msg:CoverageId>${check}`,
      'PatientNotFound',
      'flt:ErrorCode',
      'PR-0404',
    ],
    ['ListObservations', unknown, 'PatientNotFound', 'flt:ErrorCode', 'PR-0404'],
    ['ListDocuments', unknown, 'PatientNotFound', 'flt:ErrorCode', 'PR-0404'],
    ['GetPatient', patientId('P00000004'), 'AccessDenied', 'flt:Confidentiality/@code', 'V'],
    ['ListObservations', patientId('P00000004'), 'AccessDenied', 'flt:PermittedPurpose', 'ETREAT'],
    ['ListDocuments', patientId('P00000004'), 'AccessDenied', 'flt:ErrorCode', 'PR-0403'],
    [
      'GetDocument',
      `<msg:AccessContext purposeOfUse="HRESCH"/><msg:DocumentId>${restricted}</msg:DocumentId>`,
      'AccessDenied',
      'flt:ErrorCode',
      'PR-0403',
    ],
    ['RegisterPatient', twin, 'DuplicatePatient', 'flt:Candidate/@patientId', 'P00000002'],
    [
      'RegisterPatient',
      unborn,
      'InvalidDemographics',
      'flt:Issue[1]/@element',
      'Patient/Demographics/BirthDate',
    ],
    [
      'RegisterPatient',
      unborn,
      'InvalidDemographics',
      'flt:Issue[2]/@element',
      'Patient/Demographics/Name/Family',
    ],
    ['FindPatients', '<msg:Query/>', 'InvalidDemographics', 'flt:Issue/@element', 'Query'],
    [
      'AmendPatient',
      seed + email,
      'InvalidDemographics',
      'flt:Issue/@element',
      'Amendment/TelecomList/Telecom',
    ],
    ['UpdatePatient', seed + stale + patient, 'ConcurrentUpdate', 'flt:CurrentVersion', '1'],
    ['AmendPatient', `${seed}${stale}<msg:Amendment/>`, 'ConcurrentUpdate', 'flt:ExpectedVersion', '7'],
    [
      'UpdatePatient',
      inactive + fresh + patient,
      'PatientInactive',
      'flt:InactiveSince',
      '2023-10-29T02:30:00+01:00',
    ],
    [
      'RecordObservation',
      inactive + observation('2024-01-01T00:00:00Z'),
      'PatientInactive',
      'flt:ErrorCode',
      'PR-2409',
    ],
    [
      'CheckEligibility',
      `${seed}<msg:CoverageId>CV-000003</msg:CoverageId>${check}`,
      'CoverageNotFound',
      'flt:CoverageId',
      'CV-000003',
    ],
    [
      'RecordObservation',
      seed + observation('2999-01-01T00:00:00Z'),
      'ObservationRejected',
      'flt:Issue/@element',
      'Observation/EffectiveTime',
    ],
    [
      'GetDocument',
      '<msg:DocumentId>ffffffff-ffff-4fff-8fff-ffffffffffff</msg:DocumentId>',
      'DocumentNotFound',
      'flt:DocumentId',
      'ffffffff-ffff-4fff-8fff-ffffffffffff',
    ],
    ['SubmitDocument', submission(''), 'DocumentRejected', 'flt:Issue/@element', 'Content'],
    [
      'SubmitDocument',
      submission('AAAA', `<msg:Sha256>${'0'.repeat(64)}</msg:Sha256>`),
      'DocumentRejected',
      'flt:Issue/@element',
      'Sha256',
    ],
  ])('%s %#: %s', async (operation, content, fault, xpath, expected) => {
    const answer = await call(operation, content)
    expect(answer.status).toBe(400)
    expect(answer.contentType).toContain('application/soap+xml')
    expect(answer.one('//env:Fault/env:Code/env:Value')).toMatch(/^\w+:Sender$/)
    expect(answer.one('//env:Fault/env:Reason/env:Text')).not.toBe('')
    expect(answer.one(`//env:Detail/flt:${fault}/${xpath}`)).toBe(expected)
  })

  test('a refused change changes nothing', async () => {
    await call('UpdatePatient', seed + stale + patient)
    const read = await call('GetPatient', seed)
    expect(read.one('//msg:Patient/@version')).toBe('1')
    expect(read.all('//dt:Family')[0]).toBe('Quillfeather')
  })
})
