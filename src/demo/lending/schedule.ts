import { addMonths, type Day } from '../calendar.js'
import type { Loan } from './data.js'

export interface Instalment {
  readonly number: number
  readonly dueDate: Day
  readonly interestCents: bigint
  readonly repaymentCents: bigint
  readonly balanceCents: bigint
  readonly paid: boolean
}

/** Hundredths of a per cent of a year, as months see it: 4.99 % is 49900 of 12 000 000. */
const RATE_UNITS = 12_000_000n

function rateOf(nominalRate: string): bigint {
  const [whole = '0', fraction = ''] = nominalRate.split('.')
  return BigInt(whole + fraction.padEnd(4, '0').slice(0, 4))
}

/** The instalment that pays off a loan in equal parts, rounded up to a cent. */
export function instalmentOf(principalCents: bigint, nominalRate: string, term: number): bigint {
  const rate = Number(rateOf(nominalRate)) / Number(RATE_UNITS)
  const principal = Number(principalCents)
  return BigInt(Math.ceil(rate === 0 ? principal / term : (principal * rate) / (1 - (1 + rate) ** -term)))
}

/**
 * The repayment schedule of a loan: equal instalments, the last one smaller.
 *
 * @param today instalments due before it are paid, unless the loan is in arrears: then the latest one is not
 */
export function scheduleOf(loan: Loan, today: Day): readonly Instalment[] {
  const rate = rateOf(loan.nominalRate)
  const instalment = instalmentOf(loan.principalCents, loan.nominalRate, loan.term)
  const paidUntil = loan.status === 'arrears' ? addMonths(today, -1) : today
  const schedule: Instalment[] = []
  let balanceCents = loan.principalCents
  for (let number = 1; number <= loan.term && balanceCents > 0n; number++) {
    const interestCents = (balanceCents * rate + RATE_UNITS / 2n) / RATE_UNITS
    const due = instalment - interestCents
    const repaymentCents = number === loan.term || due > balanceCents ? balanceCents : due
    balanceCents -= repaymentCents
    const dueDate = addMonths(loan.paidOut, number)
    schedule.push({ number, dueDate, interestCents, repaymentCents, balanceCents, paid: dueDate < paidUntil })
  }
  return schedule
}
