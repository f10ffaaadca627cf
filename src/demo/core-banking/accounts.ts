import type { Message } from '../message.js'
import { pageOf, readPaging } from '../paging.js'
import type { SoapHandler } from '../soap-server.js'
import { type Account, type Books, type Customer, ibanOf } from './data.js'
import * as faults from './faults.js'
import * as write from './markup.js'
import { core, leaf, message, nillable } from './markup.js'

const MAX_ACCOUNTS = 5

/** The account whose ledger node is out of order: a fault that no WSDL declares. */
const OFFLINE_ACCOUNT = 'AC-00000500'

/** @throws SoapFault AccountNotFoundFault */
export function accountOf(books: Books, accountId: string): Account {
  if (accountId === OFFLINE_ACCOUNT) throw faults.ledgerOffline()
  const account = books.accounts.get(accountId)
  if (!account) throw faults.accountNotFound(accountId)
  return account
}

/** @throws SoapFault AccountNotFoundFault, AccountClosedFault */
export function openAccountOf(books: Books, accountId: string): Account {
  const account = accountOf(books, accountId)
  if (account.status === 'CLOSED') throw faults.accountClosed(account)
  return account
}

/** Customers, accounts, balances and entries. */
export function accountOperations(books: Books): Record<string, SoapHandler> {
  const customerOf = (input: Message): Customer => {
    const customerId = input.value('CustomerId')
    const customer = books.customers.get(customerId)
    if (!customer) throw faults.customerNotFound(customerId)
    return customer
  }
  return {
    GetCustomer: (input) => message('GetCustomerResponse', write.customer(customerOf(input))),
    UpdateContactDetails: (input) => {
      const customer = customerOf(input)
      changeContactDetails(customer, input.child('Change'))
      customer.lastUpdated = books.moment
      return message('UpdateContactDetailsResponse', write.customer(customer))
    },
    ListAccounts: (input) => {
      const { customerId } = customerOf(input)
      const status = input.optional('Status')
      const accounts = [...books.accounts.values()].filter(
        (account) =>
          account.holders.some((holder) => holder.customerId === customerId) &&
          (status === undefined || account.status === status),
      )
      return message('ListAccountsResponse', core('Accounts', accounts.map(write.account)))
    },
    GetAccount: (input) =>
      message('GetAccountResponse', write.account(accountOf(books, input.value('AccountId')))),
    OpenAccount: (input) =>
      message('OpenAccountResponse', write.account(open(books, customerOf(input), input))),
    CloseAccount: (input) => {
      const account = openAccountOf(books, input.value('AccountId'))
      const balance = books.balance(account)
      if (balance !== 0n) throw faults.accountNotEmpty(account, balance)
      account.status = 'CLOSED'
      account.closedOn = books.today
      return message('CloseAccountResponse', leaf('ClosedOn', books.today))
    },
    GetBalances: (input) => balances(books, openAccountOf(books, input.value('AccountId'))),
    GetTransactionHistory: (input) => history(accountOf(books, input.value('AccountId')), input),
    GetTransaction: (input) => {
      const account = accountOf(books, input.value('AccountId'))
      const entry = account.entries.find(
        (candidate) => candidate.sequenceNumber.toString() === input.value('SequenceNumber'),
      )
      return message('GetTransactionResponse', entry && write.transaction(entry, account.currency))
    },
  }
}

function changeContactDetails({ contactDetails }: Customer, change: Message): void {
  if (change.value('EmailAddress').endsWith('@invalid.example')) {
    throw faults.invalidRequest(['Change/EmailAddress', 'The domain takes no mail'])
  }
  for (const [element, member] of [
    ['EmailAddress', 'emailAddress'],
    ['MobileNumber', 'mobileNumber'],
  ] as const) {
    if (change.isNil(element)) contactDetails[member] = null
    else if (change.has(element)) contactDetails[member] = change.value(element)
  }
  contactDetails.preferredLanguage = change.optional('PreferredLanguage') ?? contactDetails.preferredLanguage
  if (change.has('PostalAddress')) {
    const address = change.child('PostalAddress')
    contactDetails.postalAddress = {
      streetName: address.child('StreetName').text,
      buildingNumber: address.optional('BuildingNumber'),
      postCode: address.child('PostCode').text,
      townName: address.child('TownName').text,
      countrySubDivision: address.optional('CountrySubDivision'),
      country: address.value('Country'),
    }
  }
}

function open(books: Books, { customerId }: Customer, input: Message): Account {
  const owned = [...books.accounts.values()].filter(
    (account) =>
      account.status !== 'CLOSED' &&
      account.holders.some((holder) => holder.customerId === customerId && holder.role === 'OWNER'),
  )
  if (owned.length >= MAX_ACCOUNTS) throw faults.limitExceeded('ACCOUNTS', String(MAX_ACCOUNTS), null)
  const currency = input.value('Currency')
  if (currency !== 'EUR') throw faults.invalidRequest(['Currency', 'Accounts are kept in EUR only'])
  const accountId = books.accountNumber()
  const account: Account = {
    accountId,
    iban: ibanOf(accountId),
    accountType: input.value('AccountType'),
    currency,
    nickname: input.has('Nickname') ? input.child('Nickname').text : undefined,
    status: 'OPEN',
    openedOn: books.today,
    closedOn: null,
    interestRate: input.value('AccountType') === 'SAVINGS' ? '1.25' : '0.00',
    holders: [{ customerId, role: 'OWNER' }],
    entries: [],
  }
  books.accounts.set(accountId, account)
  return account
}

function balances(books: Books, account: Account) {
  const { currency } = account
  const booked = books.balance(account)
  const yesterday = account.entries.findLast((entry) => entry.bookingDate < books.today)?.balanceCents ?? 0n
  const kinds = [
    ['ITBD', booked],
    ['ITAV', booked + (account.overdraftCents ?? 0n)],
    ['PRCD', yesterday],
  ] as const
  return message(
    'GetBalancesResponse',
    leaf('AccountId', account.accountId),
    core(
      'Balances',
      kinds.map(([kind, cents]) =>
        core('Balance', [
          leaf('Type', kind),
          write.amount('Amount', { cents, currency }),
          write.direction(cents),
          leaf('AsOf', books.moment),
        ]),
      ),
    ),
  )
}

function history(account: Account, input: Message) {
  const from = input.child('Period').optional('FromDate')?.slice(0, 10)
  const to = input.child('Period').optional('ToDate')?.slice(0, 10)
  if (from !== undefined && to !== undefined && from > to) {
    throw faults.invalidRequest(['Period/ToDate', 'The last day must not lie before the first'])
  }
  const direction = input.optional('CreditDebitIndicator')
  const entries = account.entries
    .toReversed()
    .filter(
      (entry) =>
        (from === undefined || entry.bookingDate >= from) &&
        (to === undefined || entry.bookingDate <= to) &&
        (direction === undefined || entry.cents < 0n === (direction === 'DBIT')),
    )
  const page = pageOf(entries, (entry) => entry.sequenceNumber.toString(), readPaging(input.child('Paging')))
  if (!page) throw faults.invalidRequest(['Paging/StartAfter', 'No cursor of this list'])
  return message(
    'GetTransactionHistoryResponse',
    leaf('TotalCount', String(entries.length)),
    nillable('NextCursor', page.nextCursor),
    core(
      'Transactions',
      page.items.map((entry) => write.transaction(entry, account.currency)),
    ),
  )
}
