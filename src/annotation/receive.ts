import { type AnnotationReader, optional } from './reader.js'
import { stepsOf } from './source.js'

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
    message: readMessage(reader.nested('message')),
    maxBytes: reader.positive('maxBytes') ?? DEFAULT_MAX_BYTES,
  }
  const isOpen = reader.flag('open') ?? false
  reader.end()
  const asks = ['basic', 'pathSecret', 'certificateSubject', 'message'].some((key) => key in reader.value)
  if (!asks && !isVerified && !isOpen) {
    reader.diagnostics.error(
      'receive-unauthenticated',
      'receive does not say who may call: give it basic, pathSecret, certificateSubject or message, or the backend security: { verify: … }; open: true lets everybody call.',
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
