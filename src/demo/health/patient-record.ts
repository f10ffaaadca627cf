import { element, type Markup, text } from '../markup.js'
import type { Message } from '../message.js'
import {
  addressList,
  codedValue,
  copy,
  humanName,
  identifier,
  multipleBirthOrder,
  practitioner,
  telecomList,
} from './types.js'

/** A patient's content, in the parts that a client may change one by one. */
export interface PatientContent {
  readonly gender: string
  /** As sent, with an offset where it has one. */
  readonly birthDate: string
  readonly family: string
  readonly given: readonly string[]
  readonly identifierValues: readonly string[]
  readonly city: string | undefined
  readonly firstName: Markup | undefined
  readonly identifiers: readonly Markup[]
  readonly names: readonly Markup[]
  readonly multipleBirthOrder: readonly Markup[]
  readonly deceased: readonly Markup[]
  readonly maritalStatus: readonly Markup[]
  readonly languages: readonly Markup[]
  readonly addresses: readonly Markup[]
  readonly telecoms: readonly Markup[]
  readonly generalPractitioner: readonly Markup[]
}

export interface PatientRecord {
  readonly id: string
  version: number
  lastUpdated: string
  content: PatientContent
  inactiveSince?: string
  mergedInto?: string
  /** Only emergency treatment may read it. */
  readonly restricted: boolean
}

/** Reads pat:PatientContent. */
export function readContent(patient: Message): PatientContent {
  const demographics = patient.child('Demographics')
  const contact = patient.child('ContactDetails')
  const name = demographics.child('Name')
  const names = copy(demographics, 'Name', 'pat', humanName)
  return {
    gender: demographics.value('AdministrativeGender'),
    birthDate: demographics.value('BirthDate'),
    family: name.value('Family'),
    given: name.children('Given').map((given) => given.text),
    identifierValues: patient.children('Identifier').map((child) => child.text.trim()),
    city: cityOf(contact),
    firstName: names[0],
    identifiers: copy(patient, 'Identifier', 'pat', identifier),
    names,
    multipleBirthOrder: copy(demographics, 'MultipleBirthOrder', 'pat', multipleBirthOrder),
    deceased: [
      ...copy(demographics, 'DeceasedIndicator', 'pat'),
      ...copy(demographics, 'DeceasedDate', 'pat'),
    ],
    maritalStatus: copy(demographics, 'MaritalStatus', 'pat', codedValue),
    languages: copy(demographics, 'Languages', 'pat'),
    addresses: copy(contact, 'AddressList', 'pat', addressList),
    telecoms: copy(contact, 'TelecomList', 'pat', telecomList),
    generalPractitioner: copy(patient, 'GeneralPractitioner', 'pat', practitioner),
  }
}

/** Applies pat:PatientAmendment: absent leaves, nil erases, anything else replaces. */
export function amend(content: PatientContent, amendment: Message): PatientContent {
  const part = (
    name: string,
    known: readonly Markup[],
    fresh: () => readonly Markup[],
  ): readonly Markup[] => {
    if (!amendment.has(name)) return known
    return amendment.isNil(name) ? [] : fresh()
  }
  return {
    ...content,
    city: amendment.has('AddressList') ? cityOf(amendment) : content.city,
    addresses: part('AddressList', content.addresses, () =>
      copy(amendment, 'AddressList', 'pat', addressList),
    ),
    telecoms: part('TelecomList', content.telecoms, () => copy(amendment, 'TelecomList', 'pat', telecomList)),
    languages: part('Languages', content.languages, () => copy(amendment, 'Languages', 'pat')),
    deceased: part('DeceasedDate', content.deceased, () => copy(amendment, 'DeceasedDate', 'pat')),
    generalPractitioner: part('GeneralPractitioner', content.generalPractitioner, () =>
      copy(amendment, 'GeneralPractitioner', 'pat', practitioner),
    ),
  }
}

function cityOf(parent: Message): string | undefined {
  return parent.child('AddressList').child('Address').optional('City')
}

/** Writes pat:Patient. */
export function writePatient(record: PatientRecord): Markup {
  const { content } = record
  const contact = [...content.addresses, ...content.telecoms]
  return element(
    'msg:Patient',
    {
      id: record.id,
      version: String(record.version),
      status: record.inactiveSince === undefined ? 'active' : 'inactive',
    },
    [
      ...content.identifiers,
      element('pat:Demographics', {}, [
        ...content.names,
        element('pat:AdministrativeGender', {}, text(content.gender)),
        element('pat:BirthDate', {}, text(content.birthDate)),
        ...content.multipleBirthOrder,
        ...content.deceased,
        ...content.maritalStatus,
        ...content.languages,
      ]),
      contact.length > 0 ? element('pat:ContactDetails', {}, contact) : undefined,
      ...content.generalPractitioner,
      element('pat:LastUpdated', {}, text(record.lastUpdated)),
    ],
  )
}

/** Writes pat:PatientSummary. */
export function writeSummary(record: PatientRecord, score: number): Markup {
  const { content } = record
  return element(
    'msg:Patient',
    {
      id: record.id,
      status: record.inactiveSince === undefined ? 'active' : 'inactive',
      score: String(score),
    },
    [
      content.firstName,
      element('pat:AdministrativeGender', {}, text(content.gender)),
      element('pat:BirthDate', {}, text(content.birthDate)),
      content.city === undefined ? undefined : element('pat:City', {}, text(content.city)),
    ],
  )
}
