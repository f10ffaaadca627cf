import type { UsernameCheckPolicy } from '../../ws-security/policy.js'
import { type AnnotationReader, optional } from '../reader/reader.js'
import { stepsOf } from '../sources/source.js'

/** A value that a message must hold, so that its sender is believed. */
export interface MessageSecret {
  /** Names of elements below the child of soap:Body. */
  readonly steps: readonly string[]
  readonly equals: string
}

/** Who may call the port that soapstone serves for a backend; all that is asked for must be given. */
export interface ReceivePolicy {
  /** HTTP Basic (RFC 7617). */
  readonly basic?: { readonly username: string; readonly password: string }
  /** What follows the name of the backend in the path. */
  readonly pathSecret?: string
  /** Subject of the client's certificate, as Node writes it: `CN=core.bank.example`. */
  readonly certificateSubject?: string
  readonly usernameToken?: UsernameCheckPolicy
  readonly message: readonly MessageSecret[]
  /** Largest message, in bytes. */
  readonly maxBytes: number
}

const DEFAULT_MAX_BYTES = 1_048_576
const LEAST_SECRET = 16

/**
 * Reads `receive` of a backend: docs/events.md, "Who may call".
 *
 * @param isVerified whether its `security` verifies signatures, which is enough
 */
export function readReceive(
  reader: AnnotationReader | undefined,
  { isVerified }: { readonly isVerified: boolean },
): ReceivePolicy | undefined {
  if (!reader) return undefined
  const policy: ReceivePolicy = {
    ...optional('basic', readBasic(reader.nested('basic'))),
    ...optional('pathSecret', readPathSecret(reader)),
    ...optional('certificateSubject', reader.expanded('certificateSubject')),
    ...optional('usernameToken', readUsernameToken(reader.nested('usernameToken'))),
    message: readMessage(reader.nested('message')),
    maxBytes: reader.positive('maxBytes') ?? DEFAULT_MAX_BYTES,
  }
  const isOpen = reader.flag('open') ?? false
  reader.end()
  const asks = ['basic', 'pathSecret', 'certificateSubject', 'usernameToken', 'message'].some(
    (key) => key in reader.value,
  )
  if (!asks && !isVerified && !isOpen) {
    reader.diagnostics.error(
      'receive-unauthenticated',
      'receive does not say who may call: give it basic, pathSecret, certificateSubject, usernameToken or message, or the backend security: { verify: … }; open: true lets everybody call.',
      reader.document.locate(reader.pointer),
    )
  }
  return policy
}

function readBasic(reader: AnnotationReader | undefined): ReceivePolicy['basic'] {
  if (!reader) return undefined
  const username = reader.expanded('username', { required: true })
  const password = reader.secret('password', { required: true })
  reader.end()
  return username === undefined || password === undefined ? undefined : { username, password }
}

const MAX_AGE_SECONDS = 3_600

function readUsernameToken(reader: AnnotationReader | undefined): UsernameCheckPolicy | undefined {
  if (!reader) return undefined
  const name = reader.expanded('name', { required: true })
  const password = reader.secret('password', { required: true })
  const type = reader.word('type', ['text', 'digest']) ?? 'digest'
  const maxAgeSeconds = reader.positive('maxAgeSeconds') ?? 300
  reader.end()
  if (maxAgeSeconds > MAX_AGE_SECONDS) {
    reader.diagnostics.error(
      'annotation-invalid',
      `maxAgeSeconds is ${MAX_AGE_SECONDS} at most: nonces are remembered that long.`,
      reader.at('maxAgeSeconds'),
    )
  }
  return name === undefined || password === undefined ? undefined : { name, password, type, maxAgeSeconds }
}

/** It stands in a URL, and whoever may try must not find it. */
function readPathSecret(reader: AnnotationReader): string | undefined {
  const secret = reader.secret('pathSecret')
  if (secret === undefined || (secret.length >= LEAST_SECRET && /^[A-Za-z0-9._~-]+$/.test(secret)))
    return secret
  reader.diagnostics.error(
    'annotation-invalid',
    `pathSecret must have ${LEAST_SECRET} characters at least, letters, digits, "-", ".", "_" and "~" only. openssl rand -hex 16 makes one.`,
    reader.at('pathSecret'),
  )
  return undefined
}

function readMessage(reader: AnnotationReader | undefined): readonly MessageSecret[] {
  if (!reader) return []
  const secrets = Object.keys(reader.value).flatMap((path): MessageSecret[] => {
    const equals = reader.secret(path, { required: true })
    return equals === undefined ? [] : [{ steps: stepsOf(path), equals }]
  })
  if (Object.keys(reader.value).length === 0) {
    reader.diagnostics.error(
      'annotation-invalid',
      'message must be a map from paths of elements to ${NAME}, with one entry at least.',
      reader.document.locate(reader.pointer),
    )
  }
  return secrets
}
