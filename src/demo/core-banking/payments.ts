import { isDay } from '../calendar.js'
import type { Message } from '../message.js'
import { formatCents, type Money, parseCents } from '../money.js'
import { pageOf, readPaging } from '../paging.js'
import type { SoapHandler } from '../soap-server.js'
import { accountOf, openAccountOf } from './accounts.js'
import type { Account, Books, Creditor, Instruction, Payment } from './data.js'
import * as faults from './faults.js'
import * as write from './markup.js'
import { core, leaf, message, nillable } from './markup.js'

const PAYMENT_LIMIT = 500_000n
const DAILY_LIMIT = 800_000n

/** Payments: what is due today is settled at once, what is due later waits. */
export function paymentOperations(books: Books): Record<string, SoapHandler> {
  const paymentOf = (input: Message): Payment => {
    const paymentId = input.value('PaymentId')
    const payment = books.payments.get(paymentId)
    if (!payment) throw faults.paymentNotFound(paymentId)
    return payment
  }
  return {
    InitiatePayment: (input) => {
      const payment = initiate(books, readInstruction(input.child('Instruction')))
      return message('InitiatePaymentResponse', write.payment(payment))
    },
    GetPayment: (input) => message('GetPaymentResponse', write.payment(paymentOf(input))),
    ListPayments: (input) => {
      const { accountId } = accountOf(books, input.value('AccountId'))
      const status = input.optional('Status')
      const payments = [...books.payments.values()]
        .reverse()
        .filter(
          (payment) =>
            payment.instruction.debtorAccountId === accountId &&
            (status === undefined || payment.status === status),
        )
      const page = pageOf(payments, (payment) => payment.paymentId, readPaging(input.child('Paging')))
      if (!page) throw faults.invalidRequest(['Paging/StartAfter', 'No cursor of this list'])
      return message(
        'ListPaymentsResponse',
        leaf('TotalCount', String(payments.length)),
        nillable('NextCursor', page.nextCursor),
        core('Payments', page.items.map(write.payment)),
      )
    },
    CancelPayment: (input) => {
      const payment = paymentOf(input)
      if (payment.status !== 'PDNG') throw faults.paymentNotCancellable(payment)
      payment.status = 'CANC'
      payment.statusReason = `Cancelled: ${input.value('Reason')}`
      return message('CancelPaymentResponse', write.payment(payment))
    },
  }
}

/**
 * @param path of the element that holds Amount, for the fault
 * @throws SoapFault InvalidRequestFault
 */
export function readAmount(input: Message, path: string): Money {
  const element = input.child('Amount')
  const cents = parseCents(element.text.trim())
  if (cents === undefined) throw faults.invalidRequest([`${path}/Amount`, 'EUR has two decimals'])
  if (cents <= 0n) throw faults.invalidRequest([`${path}/Amount`, 'An amount above zero'])
  return { cents, currency: element.attribute('Ccy') ?? '' }
}

export function readCreditor(input: Message): Creditor {
  return {
    name: input.child('Name').text,
    iban: input.optional('IBAN'),
    accountId: input.optional('AccountId'),
    bic: input.optional('BIC'),
  }
}

function readInstruction(input: Message): Instruction {
  return {
    instructionId: input.value('InstructionId'),
    endToEndId: input.has('EndToEndId') ? input.child('EndToEndId').text : undefined,
    debtorAccountId: input.value('DebtorAccountId'),
    creditor: readCreditor(input.child('Creditor')),
    amount: readAmount(input, 'Instruction'),
    requestedExecutionDate: input.optional('RequestedExecutionDate'),
    priority: input.optional('Priority'),
    chargeBearer: input.optional('ChargeBearer'),
    remittanceLines: input.children('RemittanceLine').map((line) => line.text),
  }
}

function initiate(books: Books, instruction: Instruction): Payment {
  const debtor = openAccountOf(books, instruction.debtorAccountId)
  const creditor = creditorAccount(books, instruction.creditor)
  const duplicate = [...books.payments.values()].find(
    (payment) => payment.instruction.instructionId === instruction.instructionId,
  )
  if (duplicate) throw faults.duplicatePayment(duplicate)
  const day = instruction.requestedExecutionDate ?? books.today
  checkRules(books, debtor, instruction, day)
  const pending = day > books.today
  if (!pending) checkFunds(books, debtor, instruction.amount)
  const paymentId = books.paymentNumber()
  const payment: Payment = {
    paymentId,
    status: pending ? 'PDNG' : 'ACSC',
    statusReason: pending ? 'Waits for its day' : null,
    receivedAt: books.moment,
    settledAt: pending ? null : books.moment,
    sequenceNumber: pending ? undefined : settle(books, { debtor, creditor, instruction, paymentId }),
    instruction,
  }
  books.payments.set(paymentId, payment)
  return payment
}

function creditorAccount(books: Books, creditor: Creditor): Account | undefined {
  if (creditor.accountId !== undefined) return openAccountOf(books, creditor.accountId)
  return [...books.accounts.values()].find((account) => account.iban === creditor.iban)
}

function checkRules(books: Books, debtor: Account, { amount }: Instruction, day: string): void {
  const rules: (readonly [boolean, string, string])[] = [
    [debtor.status === 'BLOCKED', 'Instruction/DebtorAccountId', 'The account is blocked'],
    [amount.currency !== debtor.currency, 'Instruction/Amount/@Ccy', 'The currency of the account'],
    [!isDay(day) || day < books.today, 'Instruction/RequestedExecutionDate', 'Today or a later day'],
  ]
  const violations = rules.flatMap(([broken, field, rule]) => (broken ? [[field, rule] as const] : []))
  if (violations.length > 0) throw faults.invalidRequest(...violations)
  if (amount.cents > PAYMENT_LIMIT) {
    throw faults.limitExceeded('PAYMENT', formatCents(PAYMENT_LIMIT), debtor.currency)
  }
}

function checkFunds(books: Books, debtor: Account, amount: Money): void {
  const { currency } = debtor
  const spent = debtor.entries
    .filter((entry) => entry.bookingDate === books.today && entry.paymentId !== undefined && entry.cents < 0n)
    .reduce((sum, entry) => sum - entry.cents, 0n)
  if (spent + amount.cents > DAILY_LIMIT)
    throw faults.limitExceeded('DAILY', formatCents(DAILY_LIMIT), currency)
  const available = books.balance(debtor) + (debtor.overdraftCents ?? 0n)
  if (amount.cents > available) {
    throw faults.insufficientFunds({ cents: available > 0n ? available : 0n, currency }, amount)
  }
}

/** @returns the ledger's number of the debit */
function settle(
  books: Books,
  {
    debtor,
    creditor,
    instruction: { amount, creditor: payee, remittanceLines },
    paymentId,
  }: {
    readonly debtor: Account
    readonly creditor: Account | undefined
    readonly instruction: Instruction
    readonly paymentId: string
  },
): bigint {
  const debit = books.book(debtor, {
    cents: -amount.cents,
    transactionCode: 'PMNT-ICDT-ESCT',
    counterpartyName: payee.name,
    counterpartyIban: payee.iban ?? creditor?.iban,
    paymentId,
    remittanceLines,
  })
  if (creditor) {
    books.book(creditor, {
      cents: amount.cents,
      transactionCode: 'PMNT-RCDT-ESCT',
      counterpartyName: null,
      counterpartyIban: debtor.iban,
      paymentId,
      remittanceLines,
    })
  }
  return debit.sequenceNumber
}
