import { addDays, addMonths, isDay } from '../calendar.js'
import type { Message } from '../message.js'
import type { SoapHandler } from '../soap-server.js'
import { accountOf, openAccountOf } from './accounts.js'
import type { Books, StandingOrder, StandingOrderTerms } from './data.js'
import * as faults from './faults.js'
import * as write from './markup.js'
import { core, leaf, message } from './markup.js'
import { readAmount, readCreditor } from './payments.js'

/** Standing orders: kept, but never executed. */
export function standingOrderOperations(books: Books): Record<string, SoapHandler> {
  const orderOf = (input: Message): StandingOrder => {
    const standingOrderId = input.value('StandingOrderId')
    const order = books.standingOrders.get(standingOrderId)
    if (!order) throw faults.standingOrderNotFound(standingOrderId)
    return order
  }
  const markup = (order: StandingOrder) => write.standingOrder(order, nextExecution(order, books.today))
  return {
    ListStandingOrders: (input) => {
      const { accountId } = accountOf(books, input.value('AccountId'))
      const orders = [...books.standingOrders.values()].filter((order) => order.accountId === accountId)
      return message('ListStandingOrdersResponse', core('StandingOrders', orders.map(markup)))
    },
    GetStandingOrder: (input) => message('GetStandingOrderResponse', markup(orderOf(input))),
    CreateStandingOrder: (input) => {
      const { accountId } = openAccountOf(books, input.value('AccountId'))
      const terms = readTerms(input.child('Terms'), books.today)
      const standingOrderId = books.standingOrderNumber()
      const order: StandingOrder = { standingOrderId, accountId, status: 'ACTIVE', terms }
      books.standingOrders.set(standingOrderId, order)
      return message('CreateStandingOrderResponse', markup(order))
    },
    AmendStandingOrder: (input) => {
      const order = orderOf(input)
      if (order.status === 'CANCELLED') {
        throw faults.invalidRequest(['StandingOrderId', 'A standing order that is not cancelled'])
      }
      order.terms = readTerms(input.child('Terms'), order.terms.firstExecutionDate)
      return message('AmendStandingOrderResponse', markup(order))
    },
    CancelStandingOrder: (input) => {
      orderOf(input).status = 'CANCELLED'
      return message('CancelStandingOrderResponse', leaf('CancelledAt', books.moment))
    },
  }
}

function readTerms(input: Message, earliest: string): StandingOrderTerms {
  const first = input.value('FirstExecutionDate')
  const final = input.optional('FinalExecutionDate') ?? null
  const violations: [string, string][] = []
  if (!isDay(first) || first < earliest)
    violations.push(['Terms/FirstExecutionDate', `Not before ${earliest}`])
  if (final !== null && final < first)
    violations.push(['Terms/FinalExecutionDate', 'Not before the first day'])
  if (violations.length > 0) throw faults.invalidRequest(...violations)
  return {
    creditor: readCreditor(input.child('Creditor')),
    amount: readAmount(input, 'Terms'),
    frequency: input.value('Frequency'),
    firstExecutionDate: first,
    finalExecutionDate: final,
    reference: input.has('Reference') ? input.child('Reference').text : undefined,
  }
}

const months: Readonly<Record<string, number>> = { MNTH: 1, QURT: 3, YEAR: 12 }

function nextExecution({ status, terms }: StandingOrder, today: string): string | null {
  if (status === 'CANCELLED') return null
  const { firstExecutionDate: first, finalExecutionDate: final } = terms
  const step = months[terms.frequency]
  let next = first
  for (let n = 1; next < today; n++)
    next = step === undefined ? addDays(first, 7 * n) : addMonths(first, step * n)
  return final !== null && next > final ? null : next
}
