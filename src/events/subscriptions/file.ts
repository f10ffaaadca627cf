import { readFileSync } from 'node:fs'
import { isSecret } from '../signature.js'
import type { SubscriptionDirectory } from './directory.js'

/** A subscription as the file has it. */
export interface FiledSubscription {
  readonly id: string
  readonly url: string
  readonly types: readonly string[]
  readonly secrets: readonly string[]
}

const PREFIX = 'file:'
/** No client has it: theirs are hashes. */
const OWNER = 'file'

/**
 * Reads subscriptions from a file: a JSON array of `{ id, url, types?, secrets }`.
 *
 * @param types of the contract, which are wanted where an entry names none
 * @throws Error that says what is wrong; it holds no secret
 */
export function readSubscriptions(file: string, types: readonly string[]): readonly FiledSubscription[] {
  let list: unknown
  try {
    list = JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    throw new Error('it cannot be read as JSON')
  }
  if (!Array.isArray(list)) throw new Error('it must be a JSON array of { id, url, types, secrets }')
  return list.map((entry: unknown, index) => entryOf(entry, index, types))
}

function entryOf(entry: unknown, index: number, types: readonly string[]): FiledSubscription {
  const wrong = (what: string): Error => new Error(`entry ${index + 1}: ${what}`)
  if (typeof entry !== 'object' || entry === null) throw wrong('it must be an object')
  const { id, url, types: wanted = types, secrets } = entry as Record<string, unknown>
  if (typeof id !== 'string' || !/^[\w.-]{1,64}$/.test(id))
    throw wrong('id must be 1 to 64 letters, digits, "_", "." or "-"')
  if (typeof url !== 'string' || !URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) {
    throw wrong('url must be an https: or http: URL')
  }
  if (!Array.isArray(wanted) || !wanted.every((type) => types.includes(String(type)))) {
    throw wrong(`types must be some of ${types.join(', ')}`)
  }
  if (
    !Array.isArray(secrets) ||
    secrets.length === 0 ||
    !secrets.every((each) => typeof each === 'string' && isSecret(each))
  ) {
    throw wrong('secrets must be a list of whsec_… with 24 to 64 bytes in base64')
  }
  return { id, url, types: wanted.map(String), secrets: secrets.map(String) }
}

/** Is it of the file? What the deployment has written there needs no scopes. */
export function isFiled({ owner }: { readonly owner: string }): boolean {
  return owner === OWNER
}

/** Makes the subscriptions of the file what it says; those that it no longer has end, others are not touched. */
export async function applyFile(
  directory: SubscriptionDirectory,
  filed: readonly FiledSubscription[],
): Promise<void> {
  const known = [...directory.all()].filter(({ id }) => id.startsWith(PREFIX))
  for (const { id } of known) {
    if (!filed.some((entry) => PREFIX + entry.id === id)) await directory.remove(id)
  }
  for (const { id, url, types, secrets } of filed) {
    const config = { url, secrets: secrets.map((secret) => ({ secret })) }
    const change = { state: 'active', types, reason: '', config } as const
    const isKnown = await directory.change(PREFIX + id, change)
    if (!isKnown) {
      const { config: own, ...record } = change
      await directory.add({ ...record, id: PREFIX + id, owner: OWNER, createdAt: Date.now() }, own)
    }
  }
}
