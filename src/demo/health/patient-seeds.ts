import { Message } from '../message.js'

/** Invented people, in the form in which node-soap reads pat:PatientContent. */
interface PatientSeed {
  readonly id: string
  readonly content: Message
  readonly restricted?: boolean
  readonly inactiveSince?: string
  readonly mergedInto?: string
}

function name(use: string, given: readonly string[], family: string, prefix?: string): object {
  return { attributes: { use }, ...(prefix && { Prefix: prefix }), Given: given, Family: family }
}

function medicalRecordNumber(number: string): object {
  return {
    attributes: {
      assigningAuthority: '2.999.10.1',
      type: 'MR',
      assigningAuthorityName: 'Nowhere General Hospital',
    },
    $value: number,
  }
}

function address(line: string, city: string): object {
  return {
    Address: {
      attributes: { use: 'home' },
      Line: line,
      City: city,
      PostalCode: 'ZZ1 9ZZ',
      CountryCode: 'GB',
    },
  }
}

const doctor = {
  PractitionerId: { attributes: { assigningAuthority: '2.999.10.2', type: 'NI' }, $value: 'D-0001' },
  Name: name('official', ['Hippolyta'], 'Balmwell', 'Dr'),
}

export const patientSeeds: readonly PatientSeed[] = [
  {
    id: 'P00000001',
    content: new Message({
      Identifier: [medicalRecordNumber('0000-0001')],
      Demographics: {
        Name: [
          name('official', ['Odette', 'Marigold'], 'Quillfeather', 'Dr'),
          name('maiden', ['Odette'], 'Inkpen'),
        ],
        AdministrativeGender: 'F',
        BirthDate: '1984-02-29',
        MultipleBirthOrder: null,
        MaritalStatus: {
          attributes: { code: 'M', codeSystem: '2.16.840.1.113883.5.2', displayName: 'Married' },
          OriginalText: 'married  (since 2011)',
          Translation: { attributes: { code: '2', codeSystem: '2.999.20.1' } },
        },
        Languages: 'en-GB cy',
      },
      ContactDetails: {
        AddressList: address('1 Imaginary Row', 'Nowhere-on-Sea'),
        TelecomList: {
          Telecom: [
            { attributes: { system: 'phone', use: 'mobile', rank: '1' }, $value: '+44 20 7946 0001' },
            { attributes: { system: 'email', use: 'home' }, $value: 'odette@mail.example' },
          ],
        },
      },
      GeneralPractitioner: doctor,
    }),
  },
  {
    id: 'P00000002',
    content: new Message({
      Demographics: {
        Name: name('official', ['Ignatius'], 'Quillby'),
        AdministrativeGender: 'M',
        BirthDate: '1950-07-04+02:00',
        DeceasedDate: '2019-03',
      },
      ContactDetails: { AddressList: address('2 Imaginary Row', 'Nowhere-on-Sea') },
    }),
  },
  {
    id: 'P00000003',
    content: new Message({
      Demographics: {
        Name: name('usual', ['Peregrine'], 'Thistlewood'),
        AdministrativeGender: 'UN',
        BirthDate: '2015-12-31',
        MultipleBirthOrder: '2',
        DeceasedIndicator: 'false',
      },
      ContactDetails: { TelecomList: null },
      GeneralPractitioner: null,
    }),
  },
  {
    id: 'P00000004',
    restricted: true,
    content: new Message({
      Demographics: {
        Name: name('pseudonym', ['Wilhelmina'], 'Hushworthy'),
        AdministrativeGender: 'F',
        BirthDate: '1999-09-09',
      },
    }),
  },
  {
    id: 'P00000008',
    inactiveSince: '2023-10-29T02:30:00+01:00',
    content: new Message({
      Demographics: {
        Name: name('official', ['Cornelius'], 'Dustjacket'),
        AdministrativeGender: 'M',
        BirthDate: '1931-01-01',
      },
    }),
  },
  {
    id: 'P00000009',
    inactiveSince: '2022-02-22T10:00:00+00:00',
    mergedInto: 'P00000001',
    content: new Message({
      Demographics: {
        Name: name('official', ['Odete'], 'Quilfeather'),
        AdministrativeGender: 'F',
        BirthDate: '1984-02-29',
      },
    }),
  },
]

interface CoverageSeed {
  readonly id: string
  readonly patientId: string
  readonly priority: string
  readonly payer: string
  readonly payerId: string
  readonly memberId: string
  readonly plan: string
  readonly start: string
  readonly end?: string
  readonly copayment?: string
  /** What the payer answers on a day within the period. */
  readonly answer: 'eligible' | 'undetermined'
}

export const coverageSeeds: readonly CoverageSeed[] = [
  {
    id: 'CV-000001',
    patientId: 'P00000001',
    priority: '1',
    payer: 'Umbrella & Galoshes Mutual',
    payerId: '2.999.40.1',
    memberId: 'UG-1001',
    plan: 'Fair Weather',
    start: '2015-01-01',
    copayment: '12.50',
    answer: 'eligible',
  },
  {
    id: 'CV-000002',
    patientId: 'P00000001',
    priority: '2',
    payer: 'Bygone Benefits',
    payerId: '2.999.40.2',
    memberId: 'BB-0042',
    plan: 'Legacy',
    start: '2001-01-01Z',
    end: '2014-12-31Z',
    answer: 'eligible',
  },
  {
    id: 'CV-000003',
    patientId: 'P00000003',
    priority: '1',
    payer: 'Slow Answers Ltd',
    payerId: '2.999.40.3',
    memberId: 'SA-7',
    plan: 'Patience',
    start: '2016-01-01',
    answer: 'undetermined',
  },
]

interface ObservationSeed {
  readonly patientId: string
  readonly recordedAt: string
  /** As node-soap reads cli:ObservationContent. */
  readonly content: Message
}

function observation(
  category: string,
  {
    loinc,
    display,
    time,
    value,
  }: { readonly loinc: string; readonly display: string; readonly time: string; readonly value: object },
): Message {
  return new Message({
    attributes: { category, status: 'final' },
    Code: { attributes: { code: loinc, codeSystem: '2.16.840.1.113883.6.1', displayName: display } },
    EffectiveTime: time,
    ...value,
  })
}

export const observationSeeds: readonly ObservationSeed[] = [
  {
    patientId: 'P00000001',
    recordedAt: '2024-05-17T07:45:10Z',
    content: observation('laboratory', {
      loinc: '2823-3',
      display: 'Potassium',
      time: '2024-05-17T08:15:00+01:00',
      value: {
        ValueQuantity: { attributes: { value: '6.10', unit: 'mmol/L' } },
        Interpretation: 'H U',
        ReferenceRange: {
          Low: { attributes: { value: '3.5', unit: 'mmol/L' } },
          High: { attributes: { value: '5.3', unit: 'mmol/L' } },
        },
        Note: ['Sample slightly haemolysed.', 'Repeat.'],
      },
    }),
  },
  {
    patientId: 'P00000001',
    recordedAt: '2024-05-16T18:00:00Z',
    content: observation('vital-signs', {
      loinc: '8867-4',
      display: 'Heart rate',
      time: '2024-05-16T18:59:30.500+01:00',
      value: {
        ValueQuantity: { attributes: { value: '61', unit: '/min' } },
      },
    }),
  },
  {
    patientId: 'P00000001',
    recordedAt: '2023-11-02T12:00:00Z',
    content: observation('social-history', {
      loinc: '72166-2',
      display: 'Tobacco smoking status',
      time: '2023-11-02T11:00:00-05:00',
      value: {
        ValueCode: {
          attributes: {
            code: '266919005',
            codeSystem: '2.16.840.1.113883.6.96',
            displayName: 'Never smoked',
          },
          OriginalText: 'Only when on fire.',
        },
      },
    }),
  },
  {
    patientId: 'P00000001',
    recordedAt: '2023-01-12T09:00:00Z',
    content: observation('imaging', {
      loinc: '36643-5',
      display: 'Chest X-ray',
      time: '2023-01-12T09:30:00Z',
      value: {
        ValueText: 'No abnormality <seen> & none "suspected".',
      },
    }),
  },
]

interface DocumentSeed {
  readonly id: string
  readonly patientId: string
  /** As node-soap reads cli:DocumentDescription. */
  readonly description: Message
  readonly content: string
}

function letter(title: string, authoredOn: string): Message {
  return new Message({
    attributes: { mediaType: 'text/plain' },
    Type: {
      attributes: {
        code: '18842-5',
        codeSystem: '2.16.840.1.113883.6.1',
        displayName: 'Discharge summary',
      },
    },
    Title: title,
    AuthoredOn: authoredOn,
    Author: name('official', ['Hippolyta'], 'Balmwell', 'Dr'),
    Keyword: ['discharge', 'letter'],
  })
}

export const documentSeeds: readonly DocumentSeed[] = [
  {
    id: '00000000-0000-4000-8000-000000000001',
    patientId: 'P00000001',
    description: letter('Discharge letter', '2024-05-17T16:05:00+01:00'),
    content: 'Discharged in excellent spirits.\n',
  },
  {
    id: '00000000-0000-4000-8000-000000000002',
    patientId: 'P00000004',
    description: letter('Confidential letter', '2024-01-02T03:04:05Z'),
    content: 'Nobody reads this without need.\n',
  },
]
