import { element, type Markup, text } from '../markup.js'
import type { Message } from '../message.js'
import {
  accessDenied,
  concurrentUpdate,
  duplicatePatient,
  invalidDemographics,
  type Issue,
  patientInactive,
  patientNotFound,
} from './faults.js'
import {
  amend,
  type PatientContent,
  type PatientRecord,
  readContent,
  writePatient,
  writeSummary,
} from './patient-record.js'
import { patientSeeds } from './patient-seeds.js'
import { healthNamespaces } from './types.js'

/** Numbers below are for the seeds. */
const FIRST_REGISTERED = 101

/** The patients of the registry and the operations on them. */
export class PatientIndex {
  readonly #records = new Map<string, PatientRecord>()
  #registered = 0

  constructor() {
    for (const { id, content, restricted = false, inactiveSince, mergedInto } of patientSeeds) {
      this.#records.set(id, {
        id,
        version: 1,
        lastUpdated: '2024-01-15T09:00:00+01:00',
        content: readContent(content),
        restricted,
        ...(inactiveSince && { inactiveSince }),
        ...(mergedInto && { mergedInto }),
      })
    }
  }

  /** The patient that a message names. @throws SoapFault PatientNotFound */
  require(input: Message): PatientRecord {
    const id = input.value('PatientId')
    const record = this.#records.get(id)
    if (!record || record.mergedInto !== undefined) throw patientNotFound(id, record?.mergedInto)
    return record
  }

  /** The patient, for reading. @throws SoapFault PatientNotFound, AccessDenied */
  requireReadable(input: Message): PatientRecord {
    const record = this.require(input)
    this.allow(input, record)
    return record
  }

  /** @throws SoapFault AccessDenied */
  allow(input: Message, record: PatientRecord): void {
    const purpose = input.child('AccessContext').attribute('purposeOfUse')
    if (record.restricted && purpose !== 'ETREAT') throw accessDenied()
  }

  /** The patient, for writing. @throws SoapFault PatientNotFound, PatientInactive */
  requireActive(input: Message): PatientRecord {
    const record = this.require(input)
    if (record.inactiveSince !== undefined) throw patientInactive(record.inactiveSince)
    return record
  }

  byId(id: string): PatientRecord | undefined {
    return this.#records.get(id)
  }

  readonly findPatients = (input: Message): Markup => {
    const query = input.child('Query')
    if (query.optional('Family') === undefined && query.optional('Identifier') === undefined) {
      throw invalidDemographics([
        { element: 'Query', message: 'A family name or an identifier is expected.' },
      ])
    }
    const paging = input.child('Paging')
    const offset = Number(paging.optional('Offset') ?? 0)
    const limit = Number(paging.optional('MaxResults') ?? 20)
    const hits = [...this.#records.values()]
      .filter((record) => record.mergedInto === undefined && !record.restricted && fits(record, query))
      .map((record) => ({ record, score: scoreOf(record, query) }))
      .sort((a, b) => b.score - a.score || a.record.id.localeCompare(b.record.id))
    return element('msg:FindPatientsResponse', healthNamespaces, [
      element('msg:TotalCount', {}, text(String(hits.length))),
      element(
        'msg:Patients',
        {},
        hits.slice(offset, offset + limit).map(({ record, score }) => writeSummary(record, score)),
      ),
    ])
  }

  readonly getPatient = (input: Message): Markup => answer('GetPatient', this.requireReadable(input))

  readonly registerPatient = (input: Message): Markup => {
    const content = checked(readContent(input.child('Patient')), 'Patient')
    const twins = [...this.#records.values()].filter(
      (record) => record.inactiveSince === undefined && isSamePerson(record.content, content),
    )
    if (twins.length > 0) throw duplicatePatient(twins.map((record) => record.id))
    const number = FIRST_REGISTERED + this.#registered++
    const record = {
      id: `P${String(number).padStart(8, '0')}`,
      version: 1,
      lastUpdated: now(),
      content,
      restricted: false,
    }
    this.#records.set(record.id, record)
    return answer('RegisterPatient', record)
  }

  readonly updatePatient = (input: Message): Markup => {
    const record = this.#requireVersion(input)
    this.#change(record, checked(readContent(input.child('Patient')), 'Patient'))
    return answer('UpdatePatient', record)
  }

  readonly amendPatient = (input: Message): Markup => {
    const record = this.#requireVersion(input)
    const amendment = input.child('Amendment')
    const issues = emailIssues(amendment, 'Amendment')
    if (issues.length > 0) throw invalidDemographics(issues)
    this.#change(record, amend(record.content, amendment))
    return answer('AmendPatient', record)
  }

  readonly deactivatePatient = (input: Message): Markup => {
    const record = this.requireActive(input)
    const survivor = input.optional('SurvivingPatientId')
    if (survivor !== undefined) {
      const target = this.#records.get(survivor)
      if (!target || target === record || target.mergedInto !== undefined) throw patientNotFound(survivor)
      record.mergedInto = survivor
    }
    const since = now()
    record.inactiveSince = since
    this.#change(record, record.content)
    return element('msg:DeactivatePatientResponse', healthNamespaces, [
      element('msg:InactiveSince', {}, text(since)),
    ])
  }

  #requireVersion(input: Message): PatientRecord {
    const record = this.requireActive(input)
    const expected = input.optional('ExpectedVersion')
    if (expected !== undefined && Number(expected) !== record.version)
      throw concurrentUpdate(expected, record.version)
    return record
  }

  #change(record: PatientRecord, content: PatientContent): void {
    record.content = content
    record.version += 1
    record.lastUpdated = now()
  }
}

function answer(operation: string, record: PatientRecord): Markup {
  return element(`msg:${operation}Response`, healthNamespaces, [writePatient(record)])
}

export function now(): string {
  return new Date().toISOString()
}

/** The calendar day of an xs:date or xs:dateTime: an offset does not shift it. */
export function dayOf(lexical: string): string {
  return lexical.slice(0, 10)
}

/** @throws SoapFault InvalidDemographics */
function checked(content: PatientContent, path: string): PatientContent {
  const issues: Issue[] = []
  if (dayOf(content.birthDate) > dayOf(now())) {
    issues.push({
      element: `${path}/Demographics/BirthDate`,
      message: 'The day of birth lies in the future.',
    })
  }
  if (/\d/.test(content.family)) {
    issues.push({
      element: `${path}/Demographics/Name/Family`,
      message: 'A family name has no digits.',
    })
  }
  if (issues.length > 0) throw invalidDemographics(issues)
  return content
}

function emailIssues(parent: Message, path: string): Issue[] {
  return parent
    .child('TelecomList')
    .children('Telecom')
    .filter((telecom) => telecom.attribute('system') === 'email' && !telecom.text.includes('@'))
    .map(() => ({ element: `${path}/TelecomList/Telecom`, message: 'An e-mail address has an @.' }))
}

function fits(record: PatientRecord, query: Message): boolean {
  const { content } = record
  const family = query.optional('Family')?.toLowerCase()
  const given = query.optional('Given')?.toLowerCase()
  const birthDate = query.optional('BirthDate')
  const gender = query.optional('AdministrativeGender')
  const identifier = query.optional('Identifier')
  const wanted = query.children('Status').map((status) => status.text.trim())
  const status = record.inactiveSince === undefined ? 'active' : 'inactive'
  return (
    (family === undefined || content.family.toLowerCase().startsWith(family)) &&
    (given === undefined || content.given.some((name) => name.toLowerCase().startsWith(given))) &&
    (birthDate === undefined || dayOf(content.birthDate) === dayOf(birthDate)) &&
    (gender === undefined || content.gender === gender) &&
    (identifier === undefined || content.identifierValues.includes(identifier)) &&
    (wanted.length === 0 ? status === 'active' : wanted.includes(status))
  )
}

function scoreOf(record: PatientRecord, query: Message): number {
  const whole = record.content.family.toLowerCase() === query.value('Family').toLowerCase()
  const certain = whole || query.optional('Identifier') !== undefined
  return certain ? 1 : 0.75
}

function isSamePerson(one: PatientContent, other: PatientContent): boolean {
  return (
    one.family.toLowerCase() === other.family.toLowerCase() &&
    dayOf(one.birthDate) === dayOf(other.birthDate) &&
    one.gender === other.gender
  )
}
