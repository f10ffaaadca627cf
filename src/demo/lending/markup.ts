import { type Content, element, type Markup, text } from '../markup.js'
import { formatCents, type Money } from '../money.js'
import type {
  Address,
  Applicant,
  Application,
  ApplicationRecord,
  Collateral,
  Loan,
  Product,
  Property,
  Vehicle,
} from './data.js'
import type { Instalment } from './schedule.js'

const namespaces = {
  'xmlns:m': 'urn:interchange-example:lending:messages:2',
  'xmlns:loan': 'urn:interchange-example:lending:loan:2',
  'xmlns:party': 'urn:interchange-example:lending:party:2',
  'xmlns:xsi': 'http://www.w3.org/2001/XMLSchema-instance',
}

type Attributes = Readonly<Record<string, string | undefined>>

/** An output element or a fault's detail. */
export function message(name: string, attributes: Attributes, content?: Content): Markup {
  return element(`m:${name}`, { ...namespaces, ...attributes }, content)
}

/** An element with text; left out where there is none. */
export function leaf(name: string, value: string | undefined): Markup | undefined {
  return value === undefined ? undefined : element(name, {}, text(value))
}

export function nillable(name: string, value: string | null): Markup {
  return value === null ? element(name, { 'xsi:nil': '1' }) : element(name, {}, text(value))
}

export function money(name: string, value: Money | undefined): Markup | undefined {
  return value && element(name, { Ccy: value.currency }, text(formatCents(value.cents)))
}

/** @param name of the element: it belongs to the schema that declares it, its content to the party schema */
function address(name: string, { lines, town, postCode, country }: Address): Markup {
  return element(name, { postCode, country }, [
    ...lines.map((line) => leaf('party:Line', line)),
    leaf('party:Town', town),
  ])
}

function party(name: string, applicant: Applicant): Markup {
  const { customerNumber } = applicant
  if (applicant.kind === 'company') {
    return element(
      name,
      {},
      element('party:Company', { customerNumber }, [
        leaf('party:LegalName', applicant.legalName),
        nillable('party:LEI', applicant.lei),
        leaf('party:IncorporationDate', applicant.incorporationDate),
        address('party:Address', applicant.address),
      ]),
    )
  }
  return element(
    name,
    {},
    element('party:Person', { customerNumber }, [
      leaf('party:GivenName', applicant.givenName),
      leaf('party:FamilyName', applicant.familyName),
      leaf('party:BirthDate', applicant.birthDate),
      address('party:Address', applicant.address),
      leaf('party:Employment', applicant.employment),
      leaf('party:DependantCount', applicant.dependantCount),
    ]),
  )
}

function property(estate: Property): Markup {
  const { energyClass, yearBuilt } = estate
  return element('loan:Property', { energyClass, yearBuilt }, [
    address('loan:Address', estate.address),
    money('loan:MarketValue', estate.marketValue),
    leaf('loan:LivingArea', estate.livingArea),
  ])
}

function vehicle({ vin, condition, ...rest }: Vehicle): Markup {
  return element('loan:Vehicle', { vin, condition }, [
    leaf('loan:Make', rest.make),
    leaf('loan:Model', rest.model),
    leaf('loan:FirstRegistration', rest.firstRegistration),
    money('loan:Price', rest.price),
  ])
}

function collateral(security: Collateral): Markup {
  switch (security.kind) {
    case 'property':
      return property(security)
    case 'vehicle':
      return vehicle(security)
    case 'deposit':
      return element('loan:Deposit', {}, [
        leaf('loan:AccountNumber', security.accountNumber),
        money('loan:Balance', security.balance),
      ])
    case 'guarantee':
      return element('loan:Guarantee', {}, [
        party('loan:Guarantor', security.guarantor),
        money('loan:Limit', security.limit),
      ])
  }
}

const applicationTypes = {
  mortgage: 'loan:MortgageApplication',
  consumer: 'loan:ConsumerLoanApplication',
  vehicle: 'loan:VehicleLoanApplication',
}

function ownPart(application: Application): readonly (Markup | undefined)[] {
  switch (application.category) {
    case 'mortgage':
      return [
        property(application.property),
        money('loan:OwnFunds', application.ownFunds),
        leaf('loan:FixedRateYears', application.fixedRateYears),
      ]
    case 'consumer':
      return [
        leaf('loan:Purpose', application.purpose),
        ...application.collateral.map((security) => element('loan:Collateral', {}, collateral(security))),
      ]
    case 'vehicle':
      return [
        vehicle(application.vehicle),
        money('loan:DownPayment', application.downPayment),
        money('loan:ResidualValue', application.residualValue),
      ]
  }
}

function application(sent: Application): Markup {
  const { product, channel } = sent
  const attributes = {
    'xsi:type': applicationTypes[sent.category],
    product,
    channel,
    insured: sent.category === 'consumer' ? sent.insured : undefined,
  }
  return element('loan:Application', attributes, [
    ...sent.applicants.map((applicant) => party('loan:Applicant', applicant)),
    money('loan:Amount', sent.amount),
    leaf('loan:Term', String(sent.term)),
    money('loan:MonthlyIncome', sent.monthlyIncome),
    leaf('loan:Remark', sent.remark),
    ...ownPart(sent),
  ])
}

/** An application record; its element is a message or a row of one. */
export function record(name: string, { number, status, ...rest }: ApplicationRecord): Markup {
  const { decision } = rest
  return message(name, { number, status }, [
    leaf('loan:ReceivedAt', rest.receivedAt),
    application(rest.application),
    decision &&
      element('loan:Decision', {}, [
        leaf('loan:DecidedAt', decision.decidedAt),
        nillable('loan:NominalRate', decision.nominalRate),
        money('loan:MonthlyInstalment', decision.monthlyInstalment),
        ...decision.reasons.map((reason) => leaf('loan:Reason', reason)),
      ]),
  ])
}

export function product(offer: Product): Markup {
  const { code, category, rateType } = offer
  const eur = (cents: bigint): Money => ({ cents, currency: 'EUR' })
  return element('m:Product', { code, category, rateType }, [
    leaf('loan:Name', offer.name),
    money('loan:MinimumAmount', eur(offer.minimumCents)),
    money('loan:MaximumAmount', eur(offer.maximumCents)),
    leaf('loan:MinimumTerm', String(offer.minimumTerm)),
    leaf('loan:MaximumTerm', String(offer.maximumTerm)),
    leaf('loan:NominalRate', offer.nominalRate),
    leaf('loan:Description', offer.description),
  ])
}

const loanTypes = {
  mortgage: 'loan:MortgageLoan',
  consumer: 'loan:ConsumerLoan',
  vehicle: 'loan:VehicleLoan',
}

/** @param schedule of this loan, all of it */
export function loan(agreed: Loan, schedule: readonly Instalment[]): Markup {
  const { number, status } = agreed
  const attributes = {
    'xsi:type': loanTypes[agreed.category],
    number,
    product: agreed.product,
    status,
    landRegister: agreed.category === 'mortgage' ? agreed.landRegister : undefined,
  }
  const outstanding =
    schedule.findLast((instalment) => instalment.paid)?.balanceCents ?? agreed.principalCents
  return element('m:Loan', attributes, [
    ...agreed.borrowers.map((borrower) => party('loan:Borrower', borrower)),
    money('loan:Principal', { cents: agreed.principalCents, currency: 'EUR' }),
    money('loan:Outstanding', { cents: outstanding, currency: 'EUR' }),
    leaf('loan:NominalRate', agreed.nominalRate),
    leaf('loan:Term', String(agreed.term)),
    leaf('loan:PaidOut', agreed.paidOut),
    nillable('loan:NextDue', schedule.find((instalment) => !instalment.paid)?.dueDate ?? null),
    ...(agreed.category === 'mortgage'
      ? [property(agreed.property), leaf('loan:FixedUntil', agreed.fixedUntil)]
      : [agreed.category === 'vehicle' ? vehicle(agreed.vehicle) : leaf('loan:Purpose', agreed.purpose)]),
  ])
}

export function instalment(due: Instalment): Markup {
  return element('m:Instalment', { number: String(due.number), paid: due.paid ? '1' : '0' }, [
    leaf('loan:DueDate', due.dueDate),
    leaf('loan:Interest', formatCents(due.interestCents)),
    leaf('loan:Repayment', formatCents(due.repaymentCents)),
    leaf('loan:Balance', formatCents(due.balanceCents)),
  ])
}
