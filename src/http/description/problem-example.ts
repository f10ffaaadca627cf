import type { AdapterErrorCode, Violation } from '../../base/errors.js'
import type { OpenApiObject } from '../../openapi/document.js'
import { PROBLEM_TYPES } from '../answer/problem.js'

interface Sample {
  readonly detail: string
  readonly errors?: readonly Violation[]
}

/** What such a problem says, where that is the same for every operation. */
const SAMPLES = {
  'request-invalid': {
    detail: 'The request does not match the contract in one place.',
    errors: [{ pointer: 'query/unexpected', detail: 'is not a parameter of this operation' }],
  },
  'request-too-large': { detail: 'The body is larger than 1048576 bytes.' },
  'media-type-unsupported': {
    detail: 'The body has a Content-Encoding; send it uncompressed, without one.',
  },
  unauthenticated: { detail: 'The request has no access token.' },
  forbidden: { detail: 'The access token lacks a scope that the operation needs.' },
  'rate-limited': {
    detail: 'No more than 600 requests of a client to this operation are served in 60 s.',
  },
  'backend-unreachable': { detail: 'Nothing accepts connections at the address of the backend.' },
  'backend-not-soap': { detail: 'The backend answered 200 with an empty body.' },
  'backend-fault': { detail: 'The backend reported a fault that the contract does not declare.' },
  'backend-unavailable': { detail: 'The backend has failed repeatedly and is not called for now.' },
  'backend-timeout': { detail: 'The backend took longer than 5000 ms: its response did not begin.' },
  'idempotency-in-flight': {
    detail: 'An earlier request with this Idempotency-Key is still under way.',
  },
  'idempotency-key-reused': { detail: 'The Idempotency-Key was used for another request.' },
  'idempotency-outcome-unknown': {
    detail:
      'An earlier request with this Idempotency-Key was sent to the backend, and its response was lost. It is not sent again.',
  },
  'resource-not-found': { detail: 'The backend has nothing under these identifiers.' },
  'request-unencodable': {
    detail: 'The backend has no way to receive this request.',
  },
  internal: { detail: 'The service failed. The request was not answered.' },
} as const satisfies Partial<Record<AdapterErrorCode, Sample>>

/** Problems that examples can be given of. */
export type SampledCode = keyof typeof SAMPLES

/** Which request an example is about; any other is as good. */
const INSTANCE = 'urn:uuid:3f0f7bb5-5b0e-4d0c-9f6e-6d2a4c1f8e57'

/**
 * A problem as the service sends it (RFC 9457).
 *
 * @param own what it says of an operation in particular
 */
export function problemExample(code: SampledCode, own: Partial<Sample> = {}): OpenApiObject {
  const { status, title } = PROBLEM_TYPES[code]
  const sample: Sample = { ...SAMPLES[code], ...own }
  return {
    type: `/problems/${code}`,
    title,
    status,
    detail: sample.detail,
    instance: INSTANCE,
    code,
    ...(sample.errors && { errors: sample.errors }),
  }
}

/** The example of a fault that the contract knows; requests have an id, samples none. */
export function faultExample({ type, title, status, ...more }: OpenApiObject): OpenApiObject {
  return { type, title, status, instance: INSTANCE, ...more }
}
