/** What verbs make that stand alone, by them. */
const products: ReadonlyMap<string, string> = new Map(
  Object.entries({
    authorize: 'authorization',
    authorise: 'authorisation',
    charge: 'charge',
    donate: 'donation',
    greet: 'greeting',
    notify: 'notification',
    pay: 'payment',
    purchase: 'purchase',
    refund: 'refund',
    register: 'registration',
    reserve: 'reservation',
    reverse: 'reversal',
    say: 'greeting',
    sign: 'signature',
    transfer: 'transfer',
    vote: 'vote',
    withdraw: 'withdrawal',
    // What is handed in, and goes by its own name.
    booking: 'booking',
    claim: 'claim',
    complaint: 'complaint',
    invoice: 'invoice',
    message: 'message',
    order: 'order',
    payment: 'payment',
    reservation: 'reservation',
  }),
)

export function productOf(verb: string): string | undefined {
  return products.get(verb)
}

/** Is what it makes the thing, whatever it is given? */
export function makesItself(verb: string): boolean {
  return products.has(verb)
}
