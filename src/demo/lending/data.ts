import type { Money } from '../money.js'

export interface Address {
  readonly lines: readonly string[]
  readonly town: string
  readonly postCode: string
  readonly country: string
}

export interface Person {
  readonly kind: 'person'
  readonly customerNumber?: string | undefined
  readonly givenName: string
  readonly familyName: string
  readonly birthDate: string
  readonly address: Address
  readonly employment: string
  readonly dependantCount?: string | undefined
}

export interface Company {
  readonly kind: 'company'
  readonly customerNumber?: string | undefined
  readonly legalName: string
  readonly lei: string | null
  readonly incorporationDate?: string | undefined
  readonly address: Address
}

export type Applicant = Person | Company

export interface Property {
  readonly kind: 'property'
  readonly address: Address
  readonly marketValue: Money
  readonly livingArea?: string | undefined
  readonly energyClass?: string | undefined
  readonly yearBuilt?: string | undefined
}

export interface Vehicle {
  readonly kind: 'vehicle'
  readonly make: string
  readonly model: string
  readonly firstRegistration?: string | undefined
  readonly price: Money
  readonly vin?: string | undefined
  readonly condition: string
}

export interface Deposit {
  readonly kind: 'deposit'
  readonly accountNumber: string
  readonly balance: Money
}

export interface Guarantee {
  readonly kind: 'guarantee'
  readonly guarantor: Applicant
  readonly limit: Money
}

export type Collateral = Property | Vehicle | Deposit | Guarantee
export type Category = 'mortgage' | 'consumer' | 'vehicle'

interface ApplicationTerms {
  readonly product: string
  readonly channel?: string | undefined
  readonly applicants: readonly Applicant[]
  readonly amount: Money
  readonly term: number
  readonly monthlyIncome: Money
  readonly remark?: string | undefined
}

export type Application = ApplicationTerms &
  (
    | {
        readonly category: 'mortgage'
        readonly property: Property
        readonly ownFunds: Money
        readonly fixedRateYears?: string | undefined
      }
    | {
        readonly category: 'consumer'
        readonly purpose: string
        readonly collateral: readonly Collateral[]
        readonly insured?: string | undefined
      }
    | {
        readonly category: 'vehicle'
        readonly vehicle: Vehicle
        readonly downPayment?: Money | undefined
        readonly residualValue?: Money | undefined
      }
  )

export interface Decision {
  readonly decidedAt: string
  readonly nominalRate: string | null
  readonly monthlyInstalment?: Money
  readonly reasons: readonly string[]
}

export interface ApplicationRecord {
  readonly number: string
  status: 'received' | 'approved' | 'declined' | 'withdrawn'
  readonly receivedAt: string
  readonly application: Application
  readonly decision?: Decision | undefined
}

export interface Product {
  readonly code: string
  readonly category: Category
  readonly rateType?: string
  readonly name: string
  readonly minimumCents: bigint
  readonly maximumCents: bigint
  readonly minimumTerm: number
  readonly maximumTerm: number
  readonly nominalRate: string
  readonly description?: string
}

interface LoanTerms {
  readonly number: string
  readonly product: string
  readonly status: 'active' | 'arrears' | 'repaid'
  readonly borrowers: readonly Applicant[]
  readonly principalCents: bigint
  readonly nominalRate: string
  readonly term: number
  readonly paidOut: string
}

export type Loan = LoanTerms &
  (
    | {
        readonly category: 'mortgage'
        readonly property: Property
        readonly fixedUntil?: string
        readonly landRegister: string
      }
    | { readonly category: 'consumer'; readonly purpose: string }
    | { readonly category: 'vehicle'; readonly vehicle: Vehicle }
  )

export const products: readonly Product[] = [
  {
    code: 'CLFLEX',
    category: 'consumer',
    name: 'Flex credit',
    minimumCents: 50_000n,
    maximumCents: 3_000_000n,
    minimumTerm: 6,
    maximumTerm: 84,
    nominalRate: '6.4900',
    description: 'Pay back early at any time & free of charge.',
  },
  {
    code: 'MGHOME20',
    category: 'mortgage',
    name: 'Home 20',
    minimumCents: 5_000_000n,
    maximumCents: 150_000_000n,
    minimumTerm: 120,
    maximumTerm: 420,
    nominalRate: '3.1500',
  },
  {
    code: 'VHDRIVE',
    category: 'vehicle',
    rateType: 'variable',
    name: 'Drive',
    minimumCents: 300_000n,
    maximumCents: 6_000_000n,
    minimumTerm: 12,
    maximumTerm: 72,
    nominalRate: '4.9900',
    description: 'For cars, motorcycles and boats.',
  },
]

const address: Address = { lines: ['7 Lantern Street'], town: 'Fernhill', postCode: '00417', country: 'IE' }

const ada: Person = {
  kind: 'person',
  customerNumber: 'C000000101',
  givenName: 'Ada Wren',
  familyName: 'Fernsby',
  birthDate: '1988-02-29',
  address,
  employment: 'employed',
  dependantCount: '1',
}

const tidewater: Company = {
  kind: 'company',
  customerNumber: 'C000000102',
  legalName: 'Tidewater Ceramics Ltd & Sons',
  lei: null,
  incorporationDate: '2009-09-14',
  address: { ...address, lines: ['Unit 3', 'Kiln Yard'], postCode: '00420' },
}

/** What the lender has received before the start. */
export const received: ApplicationRecord = {
  number: 'LA-2026-000001',
  status: 'received',
  receivedAt: '2026-01-12T10:15:00+01:00',
  application: {
    category: 'vehicle',
    product: 'VHDRIVE',
    applicants: [ada],
    amount: { cents: 1_450_000n, currency: 'EUR' },
    term: 48,
    monthlyIncome: { cents: 390_000n, currency: 'EUR' },
    vehicle: {
      kind: 'vehicle',
      make: 'Larkspur',
      model: 'Tern',
      firstRegistration: '2023-04',
      price: { cents: 1_690_000n, currency: 'EUR' },
      condition: 'used',
    },
  },
}

/** Numbers past 2^53: a double would name another loan. */
export const loans: readonly Loan[] = [
  {
    category: 'mortgage',
    number: '9100000000000000017',
    product: 'MGHOME20',
    status: 'active',
    borrowers: [ada, { ...ada, customerNumber: undefined, givenName: 'Ivo', dependantCount: undefined }],
    principalCents: 24_000_000n,
    nominalRate: '2.8500',
    term: 300,
    paidOut: '2021-05-03',
    landRegister: 'FH-2210/7',
    fixedUntil: '2036-05-02',
    property: {
      kind: 'property',
      address,
      marketValue: { cents: 31_500_000n, currency: 'EUR' },
      livingArea: '104.5',
      energyClass: 'B',
      yearBuilt: '1998',
    },
  },
  {
    category: 'vehicle',
    number: '9100000000000000018',
    product: 'VHDRIVE',
    status: 'arrears',
    borrowers: [tidewater],
    principalCents: 2_750_000n,
    nominalRate: '4.9900',
    term: 60,
    paidOut: '2025-01-15',
    vehicle: {
      kind: 'vehicle',
      make: 'Larkspur',
      model: 'Drover Van',
      firstRegistration: '2025-01',
      price: { cents: 3_190_000n, currency: 'EUR' },
      vin: 'LKS7DRV00PN004217',
      condition: 'new',
    },
  },
  {
    category: 'consumer',
    number: '18446744073709551615',
    product: 'CLFLEX',
    status: 'repaid',
    borrowers: [ada],
    principalCents: 120_000n,
    nominalRate: '6.4900',
    term: 12,
    paidOut: '2019-02-28',
    purpose: 'education',
  },
]
