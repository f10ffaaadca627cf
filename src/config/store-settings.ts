import { list, type Setting, text, wholeNumber } from './setting.js'

/** 32 bytes in base64 (RFC 4648, section 4). */
const KEY = /^[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=$/

/** What is remembered of requests and answers; docs/resilience.md says how it goes together. */
export const STORE_SETTINGS = {
  storeFile: {
    ...text({
      variable: 'STORE_FILE',
      expected: 'the path of a file',
      description: 'Idempotency keys, where there is no `DATABASE_URL`; made with its directory at the start',
      accept: () => true,
    }),
    default: 'data/soapstone.db',
  } satisfies Setting<string> as Setting<string>,
  storeKeys: {
    ...list({
      variable: 'STORE_ENCRYPTION_KEY',
      default: [],
      expected: '32 random bytes in base64, or a comma-separated list of such keys',
      description: 'Encrypts stored responses; the first key encrypts, all decrypt',
      accept: (item) => KEY.test(item),
    }),
    secret: true,
  },
  idempotencyTtlHours: wholeNumber({
    variable: 'IDEMPOTENCY_TTL_HOURS',
    default: 24,
    unit: 'h',
    from: 1,
    to: 8_760,
    description: 'How long an Idempotency-Key is remembered',
  }),
  idempotencyWaitMs: wholeNumber({
    variable: 'IDEMPOTENCY_WAIT_MS',
    default: 5_000,
    unit: 'ms',
    from: 0,
    to: 60_000,
    description: 'How long a duplicate waits for the response to the first request',
  }),
  idempotencyLeaseMs: wholeNumber({
    variable: 'IDEMPOTENCY_LEASE_MS',
    default: 10_000,
    unit: 'ms',
    from: 200,
    to: 600_000,
    description: 'How long after the last sign of life of its process a request counts as lost',
  }),
  cacheMaxBytes: wholeNumber({
    variable: 'CACHE_MAX_BYTES',
    default: 67_108_864,
    unit: 'bytes',
    from: 0,
    to: 17_179_869_184,
    description: 'Memory for cached responses',
  }),
  cacheMaxEntries: wholeNumber({
    variable: 'CACHE_MAX_ENTRIES',
    default: 10_000,
    unit: '',
    from: 0,
    to: 10_000_000,
    description: 'Cached responses',
  }),
}
