import { AdapterError } from '../../base/errors.js'
import { type SharedUses, SingleUses } from '../../store/single-use/uses.js'
import type { VerificationPolicy } from '../../ws-security/policy.js'
import type { BelievedMessage, SignatureName } from '../../ws-security/signature/believed-message.js'
import { lifetimeOf } from '../../ws-security/tokens/freshness.js'
import { SECURITY } from '../../ws-security/untrusted.js'
import { type ListFailure, Revocation } from './revocation.js'

/** In each half of the memory: 600 messages a second for the seven minutes that a message counts by default. */
const MOST = 250_000

/** Where a message comes from: a call that we made, or one that we serve. */
export type MessageDirection = 'response' | 'received'

/**
 * Judges messages of one backend that are believed for themselves by what is known beside them: whether a certificate was
 * revoked, and whether they came before, here or, where replicas share a table, to any of them (SOAP Message Security 1.1,
 * section 13.2).
 */
export class MessageGuard {
  readonly #policy: VerificationPolicy
  readonly #uses: SingleUses
  readonly #revocation: Revocation | undefined
  readonly #listeners = new Set<(failure: ListFailure) => void>()

  constructor(policy: VerificationPolicy) {
    this.#policy = policy
    this.#uses = new SingleUses(lifetimeOf(policy), { most: MOST, mostOfKey: MOST })
    this.#revocation =
      policy.revocation &&
      new Revocation(policy.revocation, (failure) => {
        for (const listener of this.#listeners) listener(failure)
      })
  }

  /** @returns a function that ends the subscription */
  onListFailure(listener: (failure: ListFailure) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** From now on replicas know what came here. */
  share(shared: SharedUses): void {
    this.#uses.share(shared)
  }

  /** Whether there is anything to judge. */
  judges(direction: MessageDirection): boolean {
    return this.#revocation !== undefined || this.#isOnce(direction)
  }

  #isOnce(direction: MessageDirection): boolean {
    const { once = direction === 'received', parts } = this.#policy
    return once && parts.includes('timestamp')
  }

  /**
   * @returns what lets the messages come again, where we could not keep them
   * @throws AdapterError `backend-untrusted` for a message that came before, or that rests on a certificate that was revoked;
   *   `overloaded` where it cannot be told whether it came before
   */
  async admit(
    messages: readonly BelievedMessage[],
    direction: MessageDirection,
  ): Promise<() => Promise<void>> {
    if (this.#revocation) await this.#checkPaths(this.#revocation, messages)
    if (!this.#isOnce(direction)) return () => Promise.resolve()
    const taken: SignatureName[] = []
    for (const { signatures, createdAt } of messages) {
      for (const name of signatures) {
        const found = await this.#uses.use(name.key, name.id, createdAt)
        if (found === 'new') {
          taken.push(name)
          continue
        }
        if (found === 'used') {
          throw new AdapterError(
            'backend-untrusted',
            'The message came before: its signature has been used, and verify.once lets it count once.',
          )
        }
        await this.#release(taken)
        throw new AdapterError(
          direction === 'received' ? 'overloaded' : 'backend-untrusted',
          'Too many signed messages are remembered to tell whether this one came before.',
        )
      }
    }
    return () => this.#release(taken)
  }

  async #checkPaths(revocation: Revocation, messages: readonly BelievedMessage[]): Promise<void> {
    const times = { now: Date.now(), skewMs: this.#policy.clockSkewSeconds * 1000 }
    for (const { path, of } of messages.flatMap(({ paths }) => paths)) {
      for (const [index, certificate] of path.entries()) {
        const issuer = path[index + 1]
        // What is trusted by itself nobody revokes but whoever takes it out of the contract.
        if (!issuer) break
        const found = await revocation.status(certificate, issuer, times)
        const whose = index === 0 ? `The certificate of ${of}` : `An issuer of the certificate of ${of}`
        if (found.status === 'revoked') {
          throw new AdapterError('backend-untrusted', `${whose} has been revoked.`, { path: SECURITY })
        }
        if (found.status === 'good' || this.#policy.revocation?.unknown === 'accept') continue
        throw new AdapterError(
          'backend-untrusted',
          `${whose} may have been revoked: ${found.why}. verify.revocation says where to look, and what becomes of certificates of which nobody knows.`,
          { path: SECURITY, cause: found.cause },
        )
      }
    }
  }

  async #release(names: readonly SignatureName[]): Promise<void> {
    for (const { key, id } of names) await this.#uses.release(key, id)
  }
}
