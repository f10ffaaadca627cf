import { bytes } from '../document/base64.js'
import { childElements, type ElementNode, textOf } from '../document/document.js'
import { WSSE, WSSE_11, WSU } from '../names.js'
import type { UsernameVerificationPolicy } from '../policy.js'
import { untrusted, USERNAME } from '../untrusted.js'
import { derivedSecret, isMacSalt } from './derived-key.js'

/** Somebody who knows a secret. */
export interface SecretSigner {
  readonly secret: () => Buffer
  /** Whether it is made of a password, which takes a while. */
  readonly isOfPassword: boolean
  /** Names the key, and says nothing of it. */
  readonly name: string
  readonly paths: readonly []
}

/** Of the profile, where a token has no iteration. */
const DEFAULT_ITERATIONS = 1_000
const MAX_REMEMBERED = 16

const USERNAME_NAME = `{${WSSE}}Username`
const SALT = `{${WSSE_11}}Salt`
const ITERATION = `{${WSSE_11}}Iteration`
const ALLOWED = new Set([USERNAME_NAME, SALT, ITERATION, `{${WSSE}}Nonce`, `{${WSU}}Created`])

export function isUsernameToken({ name }: ElementNode): boolean {
  return name === `{${WSSE}}UsernameToken`
}

/** Derives keys of the tokens that a user sends (UsernameToken Profile 1.1, section 4). */
export class UsernameSigner {
  readonly #policy: UsernameVerificationPolicy
  readonly #isOwn: (salt: Buffer) => boolean
  /** By salt and iterations; senders use one for many messages, or one for each. */
  readonly #secrets = new Map<string, Buffer>()

  /** @param isOwn whether a salt is one that we have sent: who sends it back does not know the password */
  constructor(policy: UsernameVerificationPolicy, isOwn: (salt: Buffer) => boolean) {
    this.#policy = policy
    this.#isOwn = isOwn
  }

  /**
   * Whoever has signed with the key of a token; that they have is not known yet.
   *
   * @throws AdapterError `backend-untrusted`
   */
  signer(token: ElementNode): SecretSigner {
    const { name, minIterations, maxIterations } = this.#policy
    const parts = partsOf(token)
    const salt = bytes(parts.salt)
    if (!isMacSalt(salt)) {
      throw untrusted('The Salt of the UsernameToken is not one of 16 octets for a MAC', USERNAME)
    }
    if (this.#isOwn(salt)) {
      throw untrusted('The Salt of the UsernameToken is ours: somebody has sent our message back', USERNAME)
    }
    const iterations = iterationsIn(parts.iteration)
    if (iterations < minIterations || iterations > maxIterations) {
      throw untrusted(
        `The Iteration of the UsernameToken is not from ${minIterations} to ${maxIterations}, as verify.username asks`,
        USERNAME,
      )
    }
    if (textOf(parts.username) !== name) {
      throw untrusted('The UsernameToken has another name than verify.username.name', USERNAME)
    }
    const key = `${salt.toString('base64')} ${iterations}`
    return {
      secret: () => this.#secret(key, salt, iterations),
      isOfPassword: true,
      name: `username ${key}`,
      paths: [],
    }
  }

  #secret(key: string, salt: Buffer, iterations: number): Buffer {
    const known = this.#secrets.get(key)
    if (known) return known
    const secret = derivedSecret(this.#policy.password, salt, iterations)
    const [oldest] = this.#secrets.size >= MAX_REMEMBERED ? this.#secrets.keys() : []
    if (oldest !== undefined) this.#secrets.delete(oldest)
    this.#secrets.set(key, secret)
    return secret
  }
}

interface TokenParts {
  readonly username: ElementNode
  readonly salt: ElementNode
  readonly iteration: ElementNode | undefined
}

/** Each part once. A password beside its salt would show what the key is made of. */
function partsOf(token: ElementNode): TokenParts {
  const children = childElements(token)
  const byName = new Map(children.map((child) => [child.name, child]))
  const [username, salt] = [byName.get(USERNAME_NAME), byName.get(SALT)]
  const isPlain = byName.size === children.length && children.every(({ name }) => ALLOWED.has(name))
  if (!username || !salt || !isPlain) {
    throw untrusted(
      'A key is derived of a UsernameToken with Username, Salt and Iteration, each once, and without Password',
      USERNAME,
    )
  }
  return { username, salt, iteration: byName.get(ITERATION) }
}

function iterationsIn(iteration: ElementNode | undefined): number {
  if (!iteration) return DEFAULT_ITERATIONS
  const text = textOf(iteration) ?? ''
  return /^\d{1,9}$/.test(text) ? Number(text) : 0
}
