import type { Markup } from '../markup.js'
import { formatCents, type Money } from '../money.js'
import { SoapFault } from '../soap-server.js'
import type { Account, Payment } from './data.js'
import { amount, core, leaf, message, nillable } from './markup.js'

function fault(
  name: string,
  code: string,
  reason: string,
  ...content: readonly (Markup | undefined)[]
): SoapFault {
  return new SoapFault(reason, message(name, leaf('Code', code, 'c'), leaf('Text', reason, 'c'), ...content))
}

export function customerNotFound(customerId: string): SoapFault {
  return fault('CustomerNotFoundFault', 'CU01', 'There is no such customer', leaf('CustomerId', customerId))
}

export function accountNotFound(accountId: string): SoapFault {
  return fault('AccountNotFoundFault', 'AC01', 'There is no such account', leaf('AccountId', accountId))
}

export function accountClosed({ accountId, closedOn }: Account): SoapFault {
  const detail = [leaf('AccountId', accountId), leaf('ClosedOn', closedOn ?? undefined)]
  return fault('AccountClosedFault', 'AC04', 'The account is closed', ...detail)
}

export function accountNotEmpty({ accountId, currency }: Account, cents: bigint): SoapFault {
  const detail = [
    leaf('AccountId', accountId),
    leaf('Balance', formatCents(cents)),
    leaf('Currency', currency),
  ]
  return fault('AccountNotEmptyFault', 'AC14', 'The balance is not zero', ...detail)
}

export function insufficientFunds(available: Money, requested: Money): SoapFault {
  const detail = [amount('Available', available), amount('Requested', requested)]
  return fault('InsufficientFundsFault', 'AM04', 'The available balance does not cover the amount', ...detail)
}

export function limitExceeded(limitType: string, limit: string, currency: string | null): SoapFault {
  const detail = [leaf('LimitType', limitType), leaf('Limit', limit), nillable('Currency', currency)]
  return fault('LimitExceededFault', 'AM02', 'A limit would be exceeded', ...detail)
}

export function duplicatePayment({ paymentId, instruction }: Payment): SoapFault {
  const detail = [leaf('InstructionId', instruction.instructionId), leaf('OriginalPaymentId', paymentId)]
  return fault('DuplicatePaymentFault', 'AM05', 'The instruction was received before', ...detail)
}

export function paymentNotFound(paymentId: string): SoapFault {
  return fault('PaymentNotFoundFault', 'PY01', 'There is no such payment', leaf('PaymentId', paymentId))
}

export function paymentNotCancellable({ paymentId, status }: Payment): SoapFault {
  const detail = [leaf('PaymentId', paymentId), leaf('Status', status)]
  return fault('PaymentNotCancellableFault', 'PY09', 'The payment is not pending any more', ...detail)
}

export function standingOrderNotFound(standingOrderId: string): SoapFault {
  const detail = leaf('StandingOrderId', standingOrderId)
  return fault('StandingOrderNotFoundFault', 'SO01', 'There is no such standing order', detail)
}

/** @param violations path of the element and the rule that it breaks */
export function invalidRequest(
  ...violations: readonly (readonly [field: string, rule: string])[]
): SoapFault {
  const detail = violations.map(([field, rule]) =>
    core('Violation', [leaf('Field', field), leaf('Rule', rule)]),
  )
  return fault('InvalidRequestFault', 'FF01', 'The request breaks rules of the institution', ...detail)
}

/** What no WSDL declares. */
export function ledgerOffline(): SoapFault {
  return new SoapFault('Ledger node 7 is offline', undefined, 'receiver')
}
