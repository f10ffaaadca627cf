import { type Content, element, type Markup, text } from '../markup.js'
import { formatCents, type Money } from '../money.js'
import type {
  Account,
  Creditor,
  Customer,
  Entry,
  Instruction,
  Payment,
  StandingOrder,
  StandingOrderTerms,
} from './data.js'

const namespaces = {
  'xmlns:core': 'http://interchange.example/banking/core/v3',
  'xmlns:c': 'http://interchange.example/banking/common/v3',
  'xmlns:xsi': 'http://www.w3.org/2001/XMLSchema-instance',
}

/** An output element or a fault's detail: a global element of the core schema. */
export function message(name: string, ...content: readonly (Markup | undefined)[]): Markup {
  return element(`core:${name}`, namespaces, content)
}

export function core(name: string, content: Content): Markup {
  return element(`core:${name}`, {}, content)
}

/** An element with text; left out where there is none. */
export function leaf(name: string, value: string | undefined, prefix = 'core'): Markup | undefined {
  return value === undefined ? undefined : element(`${prefix}:${name}`, {}, text(value))
}

/** An element with text, or xsi:nil for `null`. */
export function nillable(name: string, value: string | null): Markup {
  if (value === null) return element(`core:${name}`, { 'xsi:nil': 'true' })
  return element(`core:${name}`, {}, text(value))
}

export function amount(name: string, { cents, currency }: Money): Markup {
  return element(`core:${name}`, { Ccy: currency }, text(formatCents(cents < 0n ? -cents : cents)))
}

export function direction(cents: bigint): Markup | undefined {
  return leaf('CreditDebitIndicator', cents < 0n ? 'DBIT' : 'CRDT')
}

export function customer(record: Customer): Markup {
  const { name, contactDetails: contact } = record
  const address = contact.postalAddress
  return core('Customer', [
    leaf('CustomerId', record.customerId),
    typeof name === 'string'
      ? leaf('OrganisationName', name)
      : core('PersonName', [
          leaf('Title', name.title, 'c'),
          ...name.givenNames.map((given) => leaf('GivenName', given, 'c')),
          leaf('FamilyName', name.familyName, 'c'),
        ]),
    leaf('DateOfBirth', record.dateOfBirth),
    nillable('TaxIdentifier', record.taxIdentifier),
    leaf('Segment', record.segment),
    leaf('CustomerSince', record.customerSince),
    core('ContactDetails', [
      core('PostalAddress', [
        leaf('StreetName', address.streetName, 'c'),
        leaf('BuildingNumber', address.buildingNumber, 'c'),
        leaf('PostCode', address.postCode, 'c'),
        leaf('TownName', address.townName, 'c'),
        leaf('CountrySubDivision', address.countrySubDivision, 'c'),
        leaf('Country', address.country, 'c'),
      ]),
      nillable('EmailAddress', contact.emailAddress),
      nillable('MobileNumber', contact.mobileNumber),
      leaf('PreferredLanguage', contact.preferredLanguage),
    ]),
    leaf('MarketingConsent', String(record.marketingConsent)),
    leaf('LastUpdated', record.lastUpdated),
  ])
}

export function account(record: Account): Markup {
  const { overdraftCents: cents, currency } = record
  return core('Account', [
    leaf('AccountId', record.accountId),
    core('Identification', [leaf('IBAN', record.iban), leaf('BIC', 'FERNIE22')]),
    leaf('AccountType', record.accountType),
    leaf('Currency', currency),
    leaf('Nickname', record.nickname),
    leaf('Status', record.status),
    leaf('OpenedOn', record.openedOn),
    nillable('ClosedOn', record.closedOn),
    cents === undefined ? undefined : amount('OverdraftLimit', { cents, currency }),
    leaf('InterestRate', record.interestRate),
    core(
      'Holders',
      record.holders.map((holder) =>
        core('AccountHolder', [leaf('CustomerId', holder.customerId), leaf('Role', holder.role)]),
      ),
    ),
  ])
}

export function transaction(entry: Entry, currency: string): Markup {
  return core('Transaction', [
    leaf('SequenceNumber', entry.sequenceNumber.toString()),
    leaf('BookingDate', entry.bookingDate),
    leaf('ValueDate', entry.bookingDate),
    leaf('BookedAt', entry.bookedAt),
    amount('Amount', { cents: entry.cents, currency }),
    direction(entry.cents),
    leaf('BalanceAfter', formatCents(entry.balanceCents)),
    leaf('TransactionCode', entry.transactionCode),
    nillable('CounterpartyName', entry.counterpartyName),
    leaf('CounterpartyIBAN', entry.counterpartyIban),
    leaf('PaymentId', entry.paymentId),
    ...entry.remittanceLines.map((line) => leaf('RemittanceLine', line)),
  ])
}

function creditor({ name, iban, accountId, bic }: Creditor): Markup {
  return core('Creditor', [
    leaf('Name', name),
    leaf('IBAN', iban),
    leaf('AccountId', accountId),
    leaf('BIC', bic),
  ])
}

function instruction(order: Instruction): Markup {
  return core('Instruction', [
    leaf('InstructionId', order.instructionId),
    leaf('EndToEndId', order.endToEndId),
    leaf('DebtorAccountId', order.debtorAccountId),
    creditor(order.creditor),
    amount('Amount', order.amount),
    leaf('RequestedExecutionDate', order.requestedExecutionDate),
    leaf('Priority', order.priority),
    leaf('ChargeBearer', order.chargeBearer),
    ...order.remittanceLines.map((line) => leaf('RemittanceLine', line)),
  ])
}

export function payment(record: Payment): Markup {
  return core('Payment', [
    leaf('PaymentId', record.paymentId),
    leaf('Status', record.status),
    nillable('StatusReason', record.statusReason),
    leaf('ReceivedAt', record.receivedAt),
    nillable('SettledAt', record.settledAt),
    leaf('SequenceNumber', record.sequenceNumber?.toString()),
    instruction(record.instruction),
  ])
}

function terms(agreed: StandingOrderTerms): Markup {
  return core('Terms', [
    creditor(agreed.creditor),
    amount('Amount', agreed.amount),
    leaf('Frequency', agreed.frequency),
    leaf('FirstExecutionDate', agreed.firstExecutionDate),
    nillable('FinalExecutionDate', agreed.finalExecutionDate),
    leaf('Reference', agreed.reference),
  ])
}

export function standingOrder(order: StandingOrder, nextExecutionDate: string | null): Markup {
  return core('StandingOrder', [
    leaf('StandingOrderId', order.standingOrderId),
    leaf('AccountId', order.accountId),
    leaf('Status', order.status),
    nillable('NextExecutionDate', nextExecutionDate),
    terms(order.terms),
  ])
}
