/** What client and backend send: the same bytes in every run. */

const kinds = ['CARD', 'DEBIT', 'FEE', 'SALARY', 'TRANSFER']

/** Numbers from 0 to 1, the same for the same seed (mulberry32). */
function randomNumbers(seed) {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

function envelope(content) {
  return (
    '<?xml version="1.0" encoding="utf-8"?>' +
    '<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body>' +
    `${content}</soap:Body></soap:Envelope>`
  )
}

function transaction(random, index) {
  const day = String(1 + Math.floor(random() * 28)).padStart(2, '0')
  const amount = (random() * 4000 - 2000).toFixed(2)
  const text = index % 10 === 0 ? 'Müller &amp; Söhne' : 'Corner shop'
  return (
    `<Items><Id>${7_000_000_000 + index}</Id><Booked>2024-03-${day}</Booked><Value>2024-03-${day}</Value>` +
    `<Entered>2024-03-${day}T08:15:30Z</Entered><Amount>${amount}</Amount>` +
    `<Balance>${(random() * 90_000).toFixed(2)}</Balance><Ccy>EUR</Ccy>` +
    `<Kind>${kinds[Math.floor(random() * kinds.length)]}</Kind><Text>${text}</Text>` +
    `${index % 4 === 0 ? '<Memo>see invoice</Memo>' : ''}<Open>${random() < 0.1}</Open></Items>`
  )
}

/** @param response local name of the output element */
export function transactionList(rows, response = 'ListTransactionsResponse') {
  const random = randomNumbers(20)
  const items = Array.from({ length: rows }, (_, index) => transaction(random, index))
  return envelope(`<${response} xmlns="urn:example:ledger:v1">${items.join('')}</${response}>`)
}

export const receipt = envelope(
  '<SubmitPaymentResponse xmlns="urn:example:ledger:v1"><PaymentId>7000000001</PaymentId>' +
    '<Accepted>2024-03-01T08:15:30Z</Accepted><Fee>0.35</Fee></SubmitPaymentResponse>',
)

/** About 1 kB as JSON with nine lines. */
export function payment(lines = 9) {
  const random = randomNumbers(1)
  return {
    endToEndId: 'E2E-2024-03-01-000017',
    amount: '1234.50',
    ccy: 'EUR',
    due: '2024-03-04',
    kind: 'TRANSFER',
    debtor: {
      name: 'Müller & Söhne GmbH',
      iban: 'DE89370400440532013000',
      street: 'Hauptstraße 17',
      town: 'Lüneburg',
      country: 'DE',
    },
    creditor: {
      name: 'Paper & Pencil Ltd',
      iban: 'GB33BUKB20201555555555',
      street: '1 High Street',
      town: 'Much Wenlock',
      country: 'GB',
    },
    lines: Array.from({ length: lines }, (_, index) => ({
      invoice: `INV-2024-${String(1000 + index)}-A`,
      issued: `2024-02-${String(10 + (index % 18))}`,
      amount: (random() * 900).toFixed(2),
    })),
  }
}
