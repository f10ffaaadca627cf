import { dateTime, type Day, dayOf } from '../calendar.js'
import type { Markup } from '../markup.js'
import type { Message } from '../message.js'
import { parseCents } from '../money.js'
import { type DemoBackend, SoapFault, type SoapHandler, startSoapServer } from '../soap-server.js'
import {
  type Application,
  type ApplicationRecord,
  type Decision,
  loans,
  type Product,
  products,
  received,
} from './data.js'
import * as write from './markup.js'
import { leaf, message, money } from './markup.js'
import { readApplication } from './request.js'
import { instalmentOf, scheduleOf } from './schedule.js'

export interface LendingOptions {
  /** TCP port; 0, the default, takes a free one. */
  readonly listenPort?: number
  /** The clock; the system's by default. */
  readonly now?: () => Date
}

/** Up to this amount a consumer loan is decided at once. */
const INSTANT_CENTS = 500_000n

function fault(
  name: string,
  {
    code,
    reason,
    attributes,
    content = [],
  }: {
    readonly code: string
    readonly reason: string
    readonly attributes: Readonly<Record<string, string>>
    readonly content?: readonly (Markup | undefined)[]
  },
): SoapFault {
  return new SoapFault(
    reason,
    message(name, { code, ...attributes }, [leaf('m:Message', reason), ...content]),
  )
}

/** The lender's books: products and loans are fixed, applications come and go. */
class Lender {
  readonly #applications = new Map<string, ApplicationRecord>([[received.number, { ...received }]])

  constructor(private readonly now: () => Date) {}

  get today(): Day {
    return dayOf(this.now())
  }

  get moment(): string {
    return dateTime(this.now())
  }

  /** @throws SoapFault ProductNotFoundFault, ApplicationInvalidFault, AmountOutOfRangeFault, NotEligibleFault */
  submit(application: Application): ApplicationRecord {
    const product = products.find((candidate) => candidate.code === application.product)
    if (!product) {
      const { product: code } = application
      throw fault('ProductNotFoundFault', {
        code: 'LP01',
        reason: 'There is no such product',
        attributes: { product: code },
      })
    }
    checkRules(product, application)
    const decision = this.#decide(product, application)
    const serial = String(this.#applications.size + 1).padStart(6, '0')
    const record: ApplicationRecord = {
      number: `LA-${this.today.slice(0, 4)}-${serial}`,
      status: !decision ? 'received' : decision.nominalRate === null ? 'declined' : 'approved',
      receivedAt: this.moment,
      application,
      decision,
    }
    this.#applications.set(record.number, record)
    return record
  }

  /** @throws SoapFault ApplicationNotFoundFault */
  application(number: string): ApplicationRecord {
    const record = this.#applications.get(number)
    if (!record)
      throw fault('ApplicationNotFoundFault', {
        code: 'LA01',
        reason: 'There is no such application',
        attributes: { number },
      })
    return record
  }

  /** @throws SoapFault ApplicationNotFoundFault, ApplicationNotWithdrawableFault */
  withdraw(number: string): void {
    const record = this.application(number)
    const { status } = record
    if (status === 'declined' || status === 'withdrawn') {
      throw fault('ApplicationNotWithdrawableFault', {
        code: 'LA09',
        reason: 'The application cannot be withdrawn',
        attributes: {
          status,
        },
      })
    }
    record.status = 'withdrawn'
  }

  find(customerNumber: string, states: readonly string[]): readonly ApplicationRecord[] {
    return [...this.#applications.values()]
      .reverse()
      .filter(
        ({ application, status }) =>
          application.applicants.some((applicant) => applicant.customerNumber === customerNumber) &&
          (states.length === 0 || states.includes(status)),
      )
  }

  #decide(product: Product, application: Application): Decision | undefined {
    const { amount, monthlyIncome, term } = application
    if (application.category !== 'consumer' || amount.cents > INSTANT_CENTS) return undefined
    const instalment = instalmentOf(amount.cents, product.nominalRate, term)
    const decidedAt = this.moment
    if (instalment * 3n > monthlyIncome.cents) {
      return { decidedAt, nominalRate: null, reasons: ['The instalment is above a third of the income'] }
    }
    return {
      decidedAt,
      nominalRate: product.nominalRate,
      monthlyInstalment: { cents: instalment, currency: amount.currency },
      reasons: [],
    }
  }
}

function checkRules(product: Product, application: Application): void {
  const { amount, term } = application
  if (product.category !== application.category) {
    throw fault('ApplicationInvalidFault', {
      code: 'LA02',
      reason: 'The product is of another category',
      attributes: {},
      content: [leaf('m:Expected', product.category)],
    })
  }
  if (
    amount.currency !== 'EUR' ||
    amount.cents < product.minimumCents ||
    amount.cents > product.maximumCents
  ) {
    throw fault('AmountOutOfRangeFault', {
      code: 'LA03',
      reason: 'The product does not allow the amount',
      attributes: {},
      content: [
        money('m:Minimum', { cents: product.minimumCents, currency: 'EUR' }),
        money('m:Maximum', { cents: product.maximumCents, currency: 'EUR' }),
      ],
    })
  }
  const criteria = [
    ...(term < product.minimumTerm || term > product.maximumTerm
      ? [`A term of ${product.minimumTerm} to ${product.maximumTerm} months`]
      : []),
    ...(application.monthlyIncome.cents === 0n ? ['A regular income'] : []),
  ]
  if (criteria.length > 0) {
    throw fault('NotEligibleFault', {
      code: 'LA04',
      reason: 'The applicants cannot get this product',
      attributes: {},
      content: criteria.map((criterion) => leaf('m:Criterion', criterion)),
    })
  }
}

function loanOperations(lender: Lender): Record<string, SoapHandler> {
  const loanOf = (input: Message) => {
    const number = input.attribute('number') ?? ''
    const loan = loans.find((candidate) => candidate.number === number)
    if (!loan)
      throw fault('LoanNotFoundFault', {
        code: 'LN01',
        reason: 'There is no such loan',
        attributes: { number },
      })
    return loan
  }
  return {
    ListProducts: (input) => {
      const category = input.attribute('category')
      const cents = parseCents(input.attribute('amount') ?? '')
      const offers = products.filter(
        (product) =>
          (category === undefined || product.category === category) &&
          (cents === undefined || (product.minimumCents <= cents && cents <= product.maximumCents)),
      )
      return message('ProductCatalogue', { validOn: lender.today }, offers.map(write.product))
    },
    GetLoan: (input) => {
      const loan = loanOf(input)
      return message('LoanReport', {}, write.loan(loan, scheduleOf(loan, lender.today)))
    },
    GetRepaymentSchedule: (input) => {
      const loan = loanOf(input)
      const from = input.optional('FromDate')?.slice(0, 10) ?? ''
      const schedule = scheduleOf(loan, lender.today).filter(({ dueDate }) => dueDate >= from)
      const interest = schedule.reduce((sum, { interestCents }) => sum + interestCents, 0n)
      return message('RepaymentSchedule', { loan: loan.number, asOf: lender.today }, [
        ...schedule.map(write.instalment),
        money('m:TotalInterest', { cents: interest, currency: 'EUR' }),
      ])
    },
  }
}

function applicationOperations(lender: Lender): Record<string, SoapHandler> {
  return {
    SubmitApplication: (input) => {
      const application = readApplication(input.child('Application'))
      return write.record('ApplicationReceipt', lender.submit(application))
    },
    GetApplication: (input) =>
      write.record('ApplicationReport', lender.application(input.attribute('number') ?? '')),
    FindApplications: (input) => {
      const states = input.children('Status').map((status) => status.text.trim())
      const found = lender.find(input.value('CustomerNumber'), states)
      const offset = Number(input.attribute('offset') ?? 0)
      const limit = Number(input.attribute('limit') ?? 20)
      return message(
        'ApplicationList',
        { total: String(found.length) },
        found.slice(offset, offset + limit).map((record) => write.record('Record', record)),
      )
    },
    WithdrawApplication: (input) => {
      const number = input.attribute('number') ?? ''
      lender.withdraw(number)
      return message('WithdrawalConfirmation', { number, withdrawnAt: lender.moment })
    },
  }
}

/**
 * Starts a simulated lender, with state, over SOAP 1.2. What provokes its faults:
 *
 * | fault                     | provoked by                                                            |
 * | ------------------------- | ---------------------------------------------------------------------- |
 * | ProductNotFound           | any product but CLFLEX (consumer), MGHOME20 (mortgage), VHDRIVE (vehicle) |
 * | ApplicationInvalid        | an application of another kind than its product                        |
 * | AmountOutOfRange          | CLFLEX below 500.00 or above 30000.00                                  |
 * | NotEligible               | CLFLEX for more than 84 months; an income of 0                         |
 * | ApplicationNotFound       | any application but LA-2026-000001 that was not submitted since the start |
 * | ApplicationNotWithdrawable | withdrawing twice; CLFLEX for 5000.00 in 6 months on an income of 100.00 is declined |
 * | LoanNotFound              | any loan but 9100000000000000017, …018 and 18446744073709551615        |
 *
 * @throws Error where the TCP port is taken
 */
export async function startLending(options: LendingOptions = {}): Promise<DemoBackend> {
  const { listenPort = 0, now = () => new Date() } = options
  const lender = new Lender(now)
  const server = await startSoapServer({
    wsdlPath: new URL('../../../wsdl/banking/lending.wsdl', import.meta.url),
    soapVersion: '1.2',
    service: 'LendingService',
    port: 'LendingPort',
    operations: { ...loanOperations(lender), ...applicationOperations(lender) },
    path: '/lending/v2',
    listenPort,
  })
  return { name: 'lending', ...server }
}
