import { wholeNumber } from './setting.js'

/** From when on a process refuses requests, so that it can finish those that it has. */
export const LOAD_SETTINGS = {
  maxInFlight: wholeNumber({
    variable: 'MAX_IN_FLIGHT',
    default: 1_000,
    unit: '',
    from: 0,
    to: 1_000_000,
    description: 'Maximum number of unanswered requests; more get 503; 0: no limit',
  }),
  inFlightShare: wholeNumber({
    variable: 'IN_FLIGHT_SHARE',
    default: 50,
    unit: '%',
    from: 1,
    to: 100,
    description:
      'Share of `MAX_IN_FLIGHT` that the requests of one address may take; 100 behind a proxy that all clients share',
  }),
  maxConnections: wholeNumber({
    variable: 'MAX_CONNECTIONS',
    default: 10_000,
    unit: '',
    from: 1,
    to: 1_000_000,
    description:
      'Connections of clients, from which on the one that has been silent for longest is closed for another',
  }),
  writeTimeoutMs: wholeNumber({
    variable: 'WRITE_TIMEOUT_MS',
    default: 30_000,
    unit: 'ms',
    from: 100,
    to: 3_600_000,
    description:
      'Time for which a client may take nothing of a response; a second while others wait for its place',
  }),
  minBytesPerSecond: wholeNumber({
    variable: 'MIN_BYTES_PER_SECOND',
    default: 16_384,
    unit: 'bytes',
    from: 1,
    to: 1_000_000_000,
    description: 'What a client must take of a long response in each second, beyond `WRITE_TIMEOUT_MS`',
  }),
  maxEventLoopLagMs: wholeNumber({
    variable: 'MAX_EVENT_LOOP_LAG_MS',
    default: 500,
    unit: 'ms',
    from: 0,
    to: 60_000,
    description: 'Mean event loop delay above which requests get 503; 0: no limit',
  }),
}
