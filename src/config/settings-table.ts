import { EVENT_SETTINGS } from './event-settings.js'
import { FACE_SETTINGS } from './face-settings.js'
import { LOAD_SETTINGS } from './load-settings.js'
import { isPublicUrl } from './public-url.js'
import { SECURITY_SETTINGS } from './security-settings.js'
import { oneOf, onOff, type Setting, text, wholeNumber } from './setting.js'
import { STORE_SETTINGS } from './store-settings.js'

const HOST = /^[A-Za-z0-9.:_-]{1,253}$/

/** Every setting of a deployment. What a backend needs stands in the contract, not here. */
export const SETTINGS = {
  host: {
    variable: 'HOST',
    default: '0.0.0.0',
    unit: '',
    expected: 'a host name or an IP address',
    description: 'Address to listen on',
    read: (text) => (HOST.test(text) ? text : undefined),
  } satisfies Setting<string> as Setting<string>,
  listenPort: wholeNumber({
    variable: 'PORT',
    default: 8080,
    unit: '',
    from: 0,
    to: 65_535,
    description: 'TCP port to listen on; 0 takes a free one',
  }),
  logLevel: oneOf({
    variable: 'LOG_LEVEL',
    default: 'info',
    values: ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'],
    description: 'Minimum log level',
  }),
  publicUrl: text({
    variable: 'PUBLIC_URL',
    expected: 'an `https` or `http` URL without a query',
    description:
      'Public URLs of this service, `https://api.bank.example`; published documents have it in their servers',
    accept: isPublicUrl,
  }),
  docs: onOff({ variable: 'DOCS', default: true, description: 'Whether `/docs` is served' }),
  maxBodyBytes: wholeNumber({
    variable: 'MAX_BODY_BYTES',
    default: 1_048_576,
    unit: 'bytes',
    from: 1,
    to: 1_073_741_824,
    description: 'Largest request body',
  }),
  maxJsonDepth: wholeNumber({
    variable: 'MAX_JSON_DEPTH',
    default: 64,
    unit: '',
    from: 1,
    to: 1_000,
    description: 'Arrays and objects within each other in a request body',
  }),
  maxJsonValues: wholeNumber({
    variable: 'MAX_JSON_VALUES',
    default: 100_000,
    unit: '',
    from: 1,
    to: 10_000_000,
    description: 'Values in a request body, members and items of all depths',
  }),
  streamFromBytes: wholeNumber({
    variable: 'STREAM_FROM_BYTES',
    default: 1_048_576,
    unit: 'bytes',
    from: 65_536,
    to: Number.MAX_SAFE_INTEGER,
    description: 'Responses of backends with more bytes are streamed to clients, where they hold a list',
  }),
  compressFromBytes: wholeNumber({
    variable: 'COMPRESS_FROM_BYTES',
    default: 1_400,
    unit: 'bytes',
    from: 0,
    to: Number.MAX_SAFE_INTEGER,
    description: 'Longer responses to GET are compressed where that gives nothing away; 0: none',
  }),
  maxHeaderBytes: wholeNumber({
    variable: 'MAX_HEADER_BYTES',
    default: 16_384,
    unit: 'bytes',
    from: 1_024,
    to: 1_048_576,
    description: 'Largest request line and header fields together',
  }),
  headersTimeoutMs: wholeNumber({
    variable: 'HEADERS_TIMEOUT_MS',
    default: 10_000,
    unit: 'ms',
    from: 100,
    to: 600_000,
    description: 'Time in which a client must have sent its header fields',
  }),
  requestTimeoutMs: wholeNumber({
    variable: 'REQUEST_TIMEOUT_MS',
    default: 30_000,
    unit: 'ms',
    from: 100,
    to: 3_600_000,
    description: 'Time in which a client must have sent its whole request',
  }),
  keepAliveTimeoutMs: wholeNumber({
    variable: 'KEEP_ALIVE_TIMEOUT_MS',
    default: 65_000,
    unit: 'ms',
    from: 0,
    to: 3_600_000,
    description: 'Time for which an idle connection is kept; longer than the load balancer keeps it',
  }),
  drainDelayMs: wholeNumber({
    variable: 'DRAIN_DELAY_MS',
    default: 0,
    unit: 'ms',
    from: 0,
    to: 300_000,
    description: 'Time between `/readyz` turning 503 and the end of listening, for load balancers that poll',
  }),
  shutdownGraceMs: wholeNumber({
    variable: 'SHUTDOWN_GRACE_MS',
    default: 10_000,
    unit: 'ms',
    from: 0,
    to: 3_600_000,
    description: 'Time that requests in flight have to finish after the end of listening',
  }),
  ...LOAD_SETTINGS,
  ...SECURITY_SETTINGS,
  ...STORE_SETTINGS,
  ...FACE_SETTINGS,
  ...EVENT_SETTINGS,
}

export type Settings = {
  readonly [Name in keyof typeof SETTINGS]: (typeof SETTINGS)[Name] extends Setting<infer T> ? T : never
}
