import { kebab } from '../words/names.js'
import { pluralOf } from '../words/nouns.js'
import type { Route } from './route.js'
import type { Subject } from './subject.js'

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
  }),
)

/** `Authorize` is `POST /authorizations`, `greetMeLater` is `POST /greetings/later`: what a verb alone makes is the thing. */
export function productRoutes({ name, service, isOneOfSeveral }: Subject): Route[] {
  const product = products.get(name.verb ?? '')
  if (product === undefined || name.owner.length > 0 || name.tail.length > 0) return []
  const segments = [pluralOf(product), ...(name.state.length > 0 ? [kebab(name.state)] : [])]
  const post = (...before: string[]): Route => ({
    method: 'post',
    segments: [...before, ...segments],
    query: [],
  })
  return [post(), ...(isOneOfSeveral ? [post(kebab(service))] : [])]
}
