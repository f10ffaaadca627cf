const served = { warm: 12_000, roundMs: 2_000 }
const servedQuickly = { warm: 500, roundMs: 1_000 }

/**
 * What is measured, in this order. Each `measure` takes its scale, `full` or `quick`, and with it where files may lie
 * (`directory`), what says how far it is (`progress`), and, where it is comparable, the root of another build (`against`).
 * Requests take besides whether to say where CPU time goes (`profile`). What measures is loaded when it is asked: some of it
 * needs a build.
 */
export const parts = {
  translation: {
    measure: async (scale) => (await import('./translation.mjs')).measureTranslation(scale),
    isComparable: true,
    full: { rounds: 3, milliseconds: 300 },
    quick: { rounds: 1, milliseconds: 120 },
  },
  'start-up': {
    measure: async (scale) => (await import('./start-up.mjs')).measureStartUp(scale),
    isComparable: true,
    full: { rounds: 3, sizes: [100, 1500] },
    quick: { rounds: 1, sizes: [100] },
  },
  'big-contracts': {
    measure: async (scale) => (await import('./big-contracts.mjs')).measureBigContracts(scale),
    isComparable: true,
    full: { rounds: 3, sizes: [150, 300, 600, 2400] },
    quick: { rounds: 1, sizes: [100, 200] },
  },
  growth: {
    measure: async (scale) => (await import('./contract-size.mjs')).measureGrowth(scale),
    isComparable: true,
    full: { rounds: 3, requests: 2000 },
    quick: { rounds: 1, requests: 400 },
  },
  requests: {
    measure: async (scale) => (await import('./requests.mjs')).measureRequests(scale),
    isComparable: true,
    full: { rounds: 21, share: 1 },
    quick: { rounds: 3, share: 0.5 },
  },
  tracing: {
    measure: async (scale) => (await import('./tracing.mjs')).measureTracing(scale),
    full: { rounds: 25, requests: 2000 },
    quick: { rounds: 3, requests: 500 },
  },
  bodies: {
    measure: async (scale) => (await import('./bodies.mjs')).measureBodies(scale),
    full: { rounds: 7, share: 1 },
    quick: { rounds: 1, share: 0.2 },
  },
  connections: {
    measure: async (scale) => (await import('./connections.mjs')).measureConnections(scale),
    full: { rounds: 3, requests: 4000 },
    quick: { rounds: 1, requests: 1500 },
  },
  'long-answers': {
    measure: async (scale) => (await import('./long-answers.mjs')).measureLongAnswers(scale),
    isComparable: true,
    full: { rounds: 3, sizes: [1, 10, 100] },
    quick: { rounds: 1, sizes: [1, 10] },
  },
  overload: {
    measure: async (scale) => (await import('./overload.mjs')).measureOverload(scale),
    full: { rounds: 3, connections: [1500, 3000], milliseconds: 4000 },
    quick: { rounds: 1, connections: [1500], milliseconds: 1000 },
  },
  silent: {
    measure: async (scale) => (await import('./silent.mjs')).measureSilent(scale),
    full: { rounds: 5, count: 1000, requests: 4000 },
    quick: { rounds: 5, count: 1000, requests: 1000 },
  },
  'ws-security': {
    measure: async (scale) => (await import('./ws-security.mjs')).measureWsSecurity(scale),
    full: { rounds: 5, milliseconds: 1000 },
    quick: { rounds: 1, milliseconds: 300 },
  },
  signatures: {
    measure: async (scale) => (await import('./signatures.mjs')).measureSignatures(scale),
    full: { rounds: 5, milliseconds: 1000 },
    quick: { rounds: 1, milliseconds: 300 },
  },
  encoded: {
    measure: async (scale) => (await import('./encoded.mjs')).measureEncoded(scale),
    full: { rounds: 11, milliseconds: 300 },
    quick: { rounds: 1, milliseconds: 120 },
  },
  cache: {
    measure: async (scale) => (await import('./cache.mjs')).measureCache(scale),
    full: { rounds: 15, requests: 1500 },
    quick: { rounds: 3, requests: 500 },
  },
  steady: {
    measure: async (scale) => (await import('./steady.mjs')).measureSteady(scale),
    full: { rounds: 5, milliseconds: 5000 },
    quick: { rounds: 1, milliseconds: 2000 },
  },
  corpus: {
    measure: async (scale) => (await import('./corpus.mjs')).measureCorpus(scale),
    full: { rounds: 3 },
    quick: { rounds: 1 },
  },
  faces: {
    measure: async (scale) => (await import('./faces.mjs')).measureFaces(scale),
    full: { rounds: 9, requests: 600 },
    quick: { rounds: 3, requests: 500 },
  },
  events: {
    measure: async (scale) => (await import('./events.mjs')).measureEvents(scale),
    full: { ...served, stored: 20_000, delivered: 8_000, waiting: 1_000_000, rounds: 5 },
    quick: { ...servedQuickly, stored: 2_000, delivered: 500, waiting: 20_000, rounds: 1 },
  },
  'event-reads': {
    measure: async (scale) => (await import('./events.mjs')).measureReadsBesideEvents(scale),
    full: { ...served, rounds: 15 },
    quick: { ...servedQuickly, rounds: 1 },
  },
  mtom: {
    measure: async (scale) => (await import('./mtom.mjs')).measureMtom(scale),
    isComparable: true,
    full: { megabytes: 20, rounds: 5, calls: 10 },
    quick: { megabytes: 20, rounds: 1, calls: 5 },
  },
  idempotency: {
    measure: async (scale) => (await import('./idempotency.mjs')).measureIdempotency(scale),
    isComparable: true,
    full: { ...served, rounds: 15, requests: 400 },
    quick: { ...servedQuickly, rounds: 3, requests: 200 },
  },
}
