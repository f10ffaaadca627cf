import { createHash } from 'node:crypto'
import { type Body, chunksOf } from '../../../base/bytes/source.js'
import { DIGEST_ALGORITHMS, type DigestChallenge } from './challenge.js'

/** Who answers, with what, and what is asked for. */
export interface DigestRequest {
  readonly username: string
  readonly password: string
  readonly method: string
  /** As in the request line. */
  readonly uri: string
  readonly body: Body
  /** Made by the client, so that the server does not choose all that is hashed. */
  readonly cnonce: string
  /** Requests with this nonce, this one counted. */
  readonly count: number
}

/** The value of the field `Authorization` (RFC 7616, section 3.4). */
export function digestResponse(challenge: DigestChallenge, request: DigestRequest): string {
  const { algorithm, isSession, realm, nonce, opaque, qop, hashesUser } = challenge
  const { username, password, method, uri, body, cnonce, count } = request
  const hash = (...parts: readonly (string | Uint8Array)[]): string => {
    const sum = createHash(DIGEST_ALGORITHMS[algorithm])
    for (const part of parts) sum.update(part)
    return sum.digest('hex')
  }
  const nc = count.toString(16).padStart(8, '0')
  const own = hash(`${username}:${realm}:${password}`)
  const secret = isSession ? hash(`${own}:${nonce}:${cnonce}`) : own
  const what = qop === 'auth' ? hash(`${method}:${uri}`) : hash(`${method}:${uri}:${hash(...chunksOf(body))}`)
  const user = hashesUser ? quoted('username', hash(`${username}:${realm}`)) : userField(username)
  return `Digest ${[
    user,
    quoted('realm', realm),
    quoted('uri', uri),
    `algorithm=${algorithm}${isSession ? '-sess' : ''}`,
    quoted('nonce', nonce),
    `nc=${nc}`,
    quoted('cnonce', cnonce),
    `qop=${qop}`,
    quoted('response', hash(`${secret}:${nonce}:${nc}:${cnonce}:${qop}:${what}`)),
    ...(opaque === undefined ? [] : [quoted('opaque', opaque)]),
    ...(hashesUser ? ['userhash=true'] : []),
  ].join(', ')}`
}

function quoted(name: string, value: string): string {
  return `${name}="${value.replace(/["\\]/g, '\\$&')}"`
}

/** A name with more than ASCII is written by RFC 8187. */
function userField(username: string): string {
  if (/^[\x20-\x7e]*$/.test(username)) return quoted('username', username)
  const encoded = encodeURIComponent(username).replace(
    /['()*]/g,
    (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`,
  )
  return `username*=UTF-8''${encoded}`
}
