import { type DemoBackend, startSoapServer } from '../soap-server.js'
import { accountOperations } from './accounts.js'
import { Books } from './data.js'
import { standingOrderOperations } from './orders.js'
import { paymentOperations } from './payments.js'

export interface CoreBankingOptions {
  /** TCP port; 0, the default, takes a free one. */
  readonly listenPort?: number
  /** The clock; the system's by default. */
  readonly now?: () => Date
}

/** The bank, with its books for those who have it do something of its own accord. */
export type CoreBanking = DemoBackend & { readonly books: Books }

/**
 * Starts a simulated core banking system, with state, over SOAP 1.1. Its money is in EUR. What provokes its faults:
 *
 * | fault                  | provoked by                                                                       |
 * | ---------------------- | --------------------------------------------------------------------------------- |
 * | CustomerNotFound       | any customer but C000000101 (person), C000000102 (company), C000000103 (no e-mail) |
 * | AccountNotFound        | any account but AC-00000101 to AC-00000110 and those opened since                 |
 * | AccountClosed          | a payment, balances or closing of AC-00000103                                     |
 * | AccountNotEmpty        | closing AC-00000101 (AC-00000104 is empty and can be closed)                      |
 * | InsufficientFunds      | any payment from AC-00000104                                                      |
 * | LimitExceeded          | a payment above 5000.00, 8000.00 in a day; an account for C000000103              |
 * | DuplicatePayment       | an InstructionId a second time; SEED-1                                            |
 * | PaymentNotFound        | any payment but PMT-0000000001, PMT-0000000002 and those made since               |
 * | PaymentNotCancellable  | PMT-0000000001 (PMT-0000000002 is pending)                                        |
 * | StandingOrderNotFound  | any but SO-00000001, SO-00000002 (cancelled) and those made since                 |
 * | InvalidRequest         | a past execution date; a currency but EUR; a payment from AC-00000106 (blocked);   |
 * |                        | a period that ends before it begins; an unknown cursor; mail @invalid.example     |
 * | none that is declared  | AC-00000500: a Server fault without detail                                        |
 *
 * @throws Error where the TCP port is taken
 */
export async function startCoreBanking(options: CoreBankingOptions = {}): Promise<CoreBanking> {
  const { listenPort = 0, now = () => new Date() } = options
  const books = new Books(now)
  const server = await startSoapServer({
    wsdlPath: new URL('../../../wsdl/banking/core-banking.wsdl', import.meta.url),
    soapVersion: '1.1',
    service: 'CoreBankingService',
    port: 'CoreBankingPort',
    operations: {
      ...accountOperations(books),
      ...paymentOperations(books),
      ...standingOrderOperations(books),
    },
    path: '/core-banking/v3',
    listenPort,
  })
  return { name: 'core-banking', books, ...server }
}
