import { kebab } from '../words/names.js'
import { pluralOf } from '../words/nouns.js'
import { productOf } from '../words/products.js'
import type { Route } from './route.js'
import type { Subject } from './subject.js'

/**
 * `Authorize` is `POST /authorizations`, `greetMeLater` is `POST /greetings/later`: what a verb alone makes is the thing. So is a noun
 * alone that says what is handed in: `Message` is `POST /messages`.
 */
export function productRoutes({ name, service, isOneOfSeveral }: Subject): Route[] {
  const { verb, noun } = name
  const product = productOf(verb ?? (noun.length === 1 ? (noun[0] ?? '') : ''))
  if (product === undefined || name.owner.length > 0 || name.tail.length > 0) return []
  const segments = [pluralOf(product), ...(name.state.length > 0 ? [kebab(name.state)] : [])]
  const post = (...before: string[]): Route => ({
    method: 'post',
    segments: [...before, ...segments],
    query: [],
  })
  return [post(), ...(isOneOfSeveral ? [post(kebab(service))] : [])]
}
