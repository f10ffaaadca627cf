import { addDays, addMonths, dateTime, type Day, dayOf } from '../calendar.js'
import type { Money } from '../money.js'

export interface ContactDetails {
  postalAddress: PostalAddress
  emailAddress: string | null
  mobileNumber: string | null
  preferredLanguage: string
}

export interface PostalAddress {
  readonly streetName: string
  readonly buildingNumber?: string | undefined
  readonly postCode: string
  readonly townName: string
  readonly countrySubDivision?: string | undefined
  readonly country: string
}

export interface Customer {
  readonly customerId: string
  readonly name: PersonName | string
  readonly dateOfBirth?: Day
  readonly taxIdentifier: string | null
  readonly segment: string
  readonly customerSince: Day
  readonly contactDetails: ContactDetails
  readonly marketingConsent: boolean
  lastUpdated: string
}

export interface PersonName {
  readonly title?: string
  readonly givenNames: readonly string[]
  readonly familyName: string
}

export interface Account {
  readonly accountId: string
  readonly iban: string
  readonly accountType: string
  readonly currency: string
  readonly nickname?: string | undefined
  status: 'OPEN' | 'BLOCKED' | 'CLOSED'
  readonly openedOn: Day
  closedOn: Day | null
  readonly overdraftCents?: bigint
  readonly interestRate: string
  readonly holders: readonly { readonly customerId: string; readonly role: string }[]
  /** In ledger order. */
  readonly entries: Entry[]
}

export interface Entry {
  readonly sequenceNumber: bigint
  readonly bookingDate: Day
  readonly bookedAt: string
  /** Negative against the holder. */
  readonly cents: bigint
  readonly balanceCents: bigint
  readonly transactionCode: string
  readonly counterpartyName: string | null
  readonly counterpartyIban?: string | undefined
  readonly paymentId?: string | undefined
  readonly remittanceLines: readonly string[]
}

export interface Creditor {
  readonly name: string
  readonly iban?: string | undefined
  readonly accountId?: string | undefined
  readonly bic?: string | undefined
}

export interface Instruction {
  readonly instructionId: string
  readonly endToEndId?: string | undefined
  readonly debtorAccountId: string
  readonly creditor: Creditor
  readonly amount: Money
  readonly requestedExecutionDate?: Day | undefined
  readonly priority?: string | undefined
  readonly chargeBearer?: string | undefined
  readonly remittanceLines: readonly string[]
}

export interface Payment {
  readonly paymentId: string
  status: 'PDNG' | 'ACSC' | 'CANC'
  statusReason: string | null
  readonly receivedAt: string
  readonly settledAt: string | null
  readonly sequenceNumber?: bigint | undefined
  readonly instruction: Instruction
}

export interface StandingOrderTerms {
  readonly creditor: Creditor
  readonly amount: Money
  readonly frequency: string
  readonly firstExecutionDate: Day
  readonly finalExecutionDate: Day | null
  readonly reference?: string | undefined
}

export interface StandingOrder {
  readonly standingOrderId: string
  readonly accountId: string
  status: 'ACTIVE' | 'CANCELLED'
  terms: StandingOrderTerms
}

export type NewEntry = Pick<
  Entry,
  'cents' | 'transactionCode' | 'counterpartyName' | 'counterpartyIban' | 'paymentId' | 'remittanceLines'
>

/** An IBAN with valid check digits (ISO 13616) for an account of the fictional bank FERN. */
export function ibanOf(accountId: string): string {
  const bban = `FERN${accountId.replace(/\D/g, '').padStart(14, '0')}`
  const digits = `${bban}IE00`.replace(/[A-Z]/g, (letter) => String(letter.charCodeAt(0) - 55))
  return `IE${(98n - (BigInt(digits) % 97n)).toString().padStart(2, '0')}${bban}`
}

/** The books of the simulated bank. Everything is invented; dates lie around the day of the start. */
export class Books {
  readonly customers = new Map<string, Customer>()
  readonly accounts = new Map<string, Account>()
  readonly payments = new Map<string, Payment>()
  readonly standingOrders = new Map<string, StandingOrder>()
  /** The ledger begins past 2^53, where a double skips every other number. */
  #sequence = 2n ** 53n
  readonly #next = { account: 111, payment: 1, standingOrder: 1 }

  constructor(private readonly now: () => Date) {
    this.#seedCustomers()
    this.#seedAccounts()
    this.#seedOrders()
  }

  get today(): Day {
    return dayOf(this.now())
  }

  get moment(): string {
    return dateTime(this.now())
  }

  accountNumber(): string {
    return `AC-${String(this.#next.account++).padStart(8, '0')}`
  }

  paymentNumber(): string {
    return `PMT-${String(this.#next.payment++).padStart(10, '0')}`
  }

  standingOrderNumber(): string {
    return `SO-${String(this.#next.standingOrder++).padStart(8, '0')}`
  }

  balance(account: Account): bigint {
    return account.entries.at(-1)?.balanceCents ?? 0n
  }

  /** Appends an entry to the ledger. */
  book(account: Account, entry: NewEntry, daysAgo = 0): Entry {
    const day = addDays(this.today, -daysAgo)
    const booked: Entry = {
      ...entry,
      sequenceNumber: ++this.#sequence,
      bookingDate: day,
      bookedAt: daysAgo === 0 ? this.moment : `${day}T09:30:00+01:00`,
      balanceCents: this.balance(account) + entry.cents,
    }
    account.entries.push(booked)
    return booked
  }

  #seedCustomers(): void {
    const person = (
      customerId: string,
      name: PersonName,
      rest: Pick<Customer, 'dateOfBirth' | 'taxIdentifier'>,
    ) => ({
      customerId,
      name,
      ...rest,
      segment: 'RETAIL',
      customerSince: '2014-03-01',
      marketingConsent: false,
      lastUpdated: '2024-11-05T08:15:30+01:00',
    })
    const address = { postCode: '00417', townName: 'Fernhill', country: 'IE' }
    const customers: Customer[] = [
      {
        ...person(
          'C000000101',
          { title: 'Dr', givenNames: ['Ada', 'Wren'], familyName: 'Fernsby' },
          { dateOfBirth: '1988-02-29', taxIdentifier: '0042-7781' },
        ),
        contactDetails: {
          postalAddress: { streetName: 'Lantern Street', buildingNumber: '7', ...address },
          emailAddress: 'ada.fernsby@mail.example',
          mobileNumber: '+353-015550101',
          preferredLanguage: 'en-IE',
        },
      },
      {
        customerId: 'C000000102',
        name: 'Tidewater Ceramics Ltd & Sons',
        taxIdentifier: 'TW-900',
        segment: 'SME',
        customerSince: '2009-09-14',
        contactDetails: {
          postalAddress: {
            streetName: 'Kiln Yard',
            buildingNumber: 'Unit 3',
            countrySubDivision: 'North Fen',
            ...address,
          },
          emailAddress: 'office@tidewater.example',
          mobileNumber: null,
          preferredLanguage: 'en',
        },
        marketingConsent: true,
        lastUpdated: '2025-01-31T16:00:00+01:00',
      },
      {
        ...person(
          'C000000103',
          { givenNames: ['Bram'], familyName: 'Ostrander' },
          { dateOfBirth: '1961-07-04', taxIdentifier: null },
        ),
        contactDetails: {
          postalAddress: { streetName: 'Old Ferry House', ...address },
          emailAddress: null,
          mobileNumber: null,
          preferredLanguage: 'nl',
        },
      },
    ]
    for (const customer of customers) this.customers.set(customer.customerId, customer)
  }

  #seedAccounts(): void {
    const ada = this.#account('AC-00000101', 'CURRENT', 'C000000101', {
      overdraftCents: 50_000n,
      nickname: 'Daily',
    })
    const savings = this.#account('AC-00000102', 'SAVINGS', 'C000000101', { interestRate: '1.25' })
    const closed = this.#account('AC-00000103', 'SAVINGS', 'C000000101', { interestRate: '0.50' })
    closed.status = 'CLOSED'
    closed.closedOn = '2025-06-30'
    this.#account('AC-00000104', 'CURRENT', 'C000000101', {
      nickname: 'Shared kitchen',
      holders: [
        { customerId: 'C000000101', role: 'OWNER' },
        { customerId: 'C000000103', role: 'AUTHORISED' },
      ],
    })
    const company = this.#account('AC-00000105', 'CURRENT', 'C000000102', { overdraftCents: 1_000_000n })
    const blocked = this.#account('AC-00000106', 'CURRENT', 'C000000103', {})
    blocked.status = 'BLOCKED'
    for (const number of [107, 108, 109, 110]) this.#account(`AC-00000${number}`, 'SAVINGS', 'C000000103', {})

    const pay = {
      transactionCode: 'PMNT-RCDT-ESCT',
      counterpartyName: 'Fernhill Library Trust',
      remittanceLines: ['Salary'],
    }
    const groceries = {
      transactionCode: 'PMNT-CCRD-POSD',
      counterpartyName: 'Marrow & Leek Grocers',
      remittanceLines: ['Card purchase', 'Terminal 0042'],
    }
    for (let daysAgo = 120; daysAgo > 0; daysAgo--) {
      if (daysAgo % 30 === 0) this.book(ada, { ...pay, cents: 285_000n }, daysAgo)
      const cents = -(1_990n + BigInt((daysAgo * 733) % 4_100))
      this.book(ada, { ...groceries, cents }, daysAgo)
    }
    const cash = { transactionCode: 'PMNT-CNTR-CDPT', counterpartyName: null, remittanceLines: [] }
    this.book(savings, { ...cash, cents: 1_000_000n }, 90)
    this.book(company, { ...cash, cents: 4_821_055n }, 60)
    this.book(blocked, { ...cash, cents: 12_000n }, 45)
  }

  #account(
    accountId: string,
    accountType: string,
    owner: string,
    more: Partial<Pick<Account, 'overdraftCents' | 'nickname' | 'interestRate' | 'holders'>>,
  ): Account {
    const account: Account = {
      accountId,
      iban: ibanOf(accountId),
      accountType,
      currency: 'EUR',
      status: 'OPEN',
      openedOn: '2019-04-23',
      closedOn: null,
      interestRate: '0.00',
      holders: [{ customerId: owner, role: 'OWNER' }],
      entries: [],
      ...more,
    }
    this.accounts.set(accountId, account)
    return account
  }

  #seedOrders(): void {
    const rent: Creditor = { name: 'Harbour Row Lettings', iban: 'XK051212012345678906', bic: 'HARBXKPR' }
    const settled: Instruction = {
      instructionId: 'SEED-1',
      endToEndId: 'RENT',
      debtorAccountId: 'AC-00000101',
      creditor: rent,
      amount: { cents: 84_500n, currency: 'EUR' },
      remittanceLines: ['Rent'],
    }
    const account = this.accounts.get(settled.debtorAccountId)
    if (!account) return
    const paymentId = this.paymentNumber()
    const entry = this.book(
      account,
      {
        cents: -settled.amount.cents,
        transactionCode: 'PMNT-ICDT-ESCT',
        counterpartyName: rent.name,
        counterpartyIban: rent.iban,
        paymentId,
        remittanceLines: settled.remittanceLines,
      },
      1,
    )
    const receivedAt = entry.bookedAt
    this.payments.set(paymentId, {
      paymentId,
      status: 'ACSC',
      statusReason: null,
      receivedAt,
      settledAt: receivedAt,
      sequenceNumber: entry.sequenceNumber,
      instruction: settled,
    })
    const pending = this.paymentNumber()
    this.payments.set(pending, {
      paymentId: pending,
      status: 'PDNG',
      statusReason: 'Waits for its day',
      receivedAt,
      settledAt: null,
      instruction: { ...settled, instructionId: 'SEED-2', requestedExecutionDate: addMonths(this.today, 1) },
    })
    const terms: StandingOrderTerms = {
      creditor: rent,
      amount: settled.amount,
      frequency: 'MNTH',
      firstExecutionDate: '2024-01-31',
      finalExecutionDate: null,
      reference: 'Rent',
    }
    for (const status of ['ACTIVE', 'CANCELLED'] as const) {
      const standingOrderId = this.standingOrderNumber()
      this.standingOrders.set(standingOrderId, {
        standingOrderId,
        accountId: account.accountId,
        status,
        terms,
      })
    }
  }
}
