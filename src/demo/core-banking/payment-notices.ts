import { setTimeout as wait } from 'node:timers/promises'
import { element, type Markup, text } from '../markup.js'
import { formatCents } from '../money.js'
import type { Books } from './data.js'

export interface NoticesOptions {
  /** Of the port that takes notices. */
  readonly url: string
  /** Of HTTP Basic; the user is `bank`. */
  readonly password: string
  readonly everyMs: number
}

const ACCOUNT = 'AC-00000105'
const PAYERS = ['Ines Moreau', 'Ola Lind', 'Harbour Row Lettings', 'Fern & Sons']
const NAMESPACE = 'urn:example:bank:notices'
const ENVELOPE = 'http://schemas.xmlsoap.org/soap/envelope/'
const AGAIN_MS = 1_000
const TIMEOUT_MS = 10_000

/**
 * Has payments come in, and the bank tell of each by a SOAP call of its own, which it repeats until it is acknowledged.
 *
 * @returns what ends it
 */
export function startPaymentNotices(books: Books, { url, password, everyMs }: NoticesOptions): () => void {
  const stopping = new AbortController()
  const { signal } = stopping
  const authorization = `Basic ${Buffer.from(`bank:${password}`).toString('base64')}`
  const headers = {
    'content-type': 'text/xml; charset=utf-8',
    soapaction: `"${NAMESPACE}/NotifyPayments"`,
    authorization,
  }
  const isTaken = async (body: string): Promise<boolean> => {
    const within = AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)])
    const answer = await fetch(url, { method: 'POST', headers, body, signal: within }).catch(() => undefined)
    return answer?.ok === true && (await answer.text()).includes('Accepted>true<')
  }
  const run = async (): Promise<void> => {
    for (let number = 1; !signal.aborted; number++) {
      await wait(everyMs, undefined, { signal })
      const notice = noticeOf(books, number)
      while (!(await isTaken(notice))) await wait(AGAIN_MS, undefined, { signal })
    }
  }
  // What ends it is the only thing that fails.
  run().catch(() => undefined)
  return () => {
    stopping.abort()
  }
}

/** Books a payment. @returns the message that tells of it */
function noticeOf(books: Books, number: number): string {
  const account = books.accounts.get(ACCOUNT)
  if (!account) throw new Error(`The bank has no account ${ACCOUNT}.`)
  const payer = PAYERS[number % PAYERS.length] ?? ''
  const purpose = `Invoice ${4_000 + number}`
  const { sequenceNumber, bookedAt, cents } = books.book(account, {
    cents: BigInt(1_050 + ((number * 3_700) % 40_000)),
    transactionCode: 'PMNT-RCDT-ESCT',
    counterpartyName: payer,
    remittanceLines: [purpose],
  })
  const leaf = (name: string, value: string): Markup => element(`n:${name}`, {}, text(value))
  const payment = element('n:Payment', { bookingId: sequenceNumber.toString() }, [
    leaf('BookedAt', bookedAt),
    leaf('AccountNumber', ACCOUNT),
    element('n:Amount', {}, [leaf('Currency', account.currency), leaf('Value', formatCents(cents))]),
    leaf('Payer', payer),
    leaf('Purpose', purpose),
  ])
  const message = element('n:NotifyPayments', { 'xmlns:n': NAMESPACE }, payment)
  return element('s:Envelope', { 'xmlns:s': ENVELOPE }, element('s:Body', {}, message)).xml
}
