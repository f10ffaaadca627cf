import { measureBigContracts } from './big-contracts.mjs'
import { measureCache } from './cache.mjs'
import { measureConnections } from './connections.mjs'
import { measureGrowth } from './contract-size.mjs'
import { measureCorpus } from './corpus.mjs'
import { measureEncoded } from './encoded.mjs'
import { measureEvents, measureReadsBesideEvents } from './events.mjs'
import { measureFaces } from './faces.mjs'
import { measureIdempotency } from './idempotency.mjs'
import { measureLongAnswers } from './long-answers.mjs'
import { measureMtom } from './mtom.mjs'
import { measureOverload } from './overload.mjs'
import { measureRequests } from './requests.mjs'
import { measureSignatures } from './signatures.mjs'
import { measureSilent } from './silent.mjs'
import { measureStartUp } from './start-up.mjs'
import { measureSteady } from './steady.mjs'
import { measureTracing } from './tracing.mjs'
import { measureTranslation } from './translation.mjs'
import { measureWsSecurity } from './ws-security.mjs'

const served = { warm: 12_000, roundMs: 2_000 }
const servedQuickly = { warm: 500, roundMs: 1_000 }

/**
 * What is measured, in this order. Each `measure` takes its scale, `full` or `quick`, and with it where files may lie
 * (`directory`), what says how far it is (`progress`), and, where it is comparable, the root of another build (`against`).
 * Requests take besides whether to say where CPU time goes (`profile`).
 */
export const parts = {
  translation: {
    measure: measureTranslation,
    isComparable: true,
    full: { rounds: 3, milliseconds: 300 },
    quick: { rounds: 1, milliseconds: 120 },
  },
  'start-up': {
    measure: measureStartUp,
    isComparable: true,
    full: { rounds: 3, sizes: [100, 1500] },
    quick: { rounds: 1, sizes: [100] },
  },
  'big-contracts': {
    measure: measureBigContracts,
    isComparable: true,
    full: { rounds: 3, sizes: [150, 300, 600] },
    quick: { rounds: 1, sizes: [100, 200] },
  },
  growth: {
    measure: measureGrowth,
    isComparable: true,
    full: { rounds: 3, requests: 2000 },
    quick: { rounds: 1, requests: 400 },
  },
  requests: {
    measure: measureRequests,
    isComparable: true,
    full: { rounds: 21, share: 1 },
    quick: { rounds: 3, share: 0.5 },
  },
  tracing: {
    measure: measureTracing,
    full: { rounds: 25, requests: 2000 },
    quick: { rounds: 3, requests: 500 },
  },
  connections: {
    measure: measureConnections,
    full: { rounds: 3, requests: 4000 },
    quick: { rounds: 1, requests: 1500 },
  },
  'long-answers': {
    measure: measureLongAnswers,
    isComparable: true,
    full: { rounds: 3, sizes: [1, 10, 100] },
    quick: { rounds: 1, sizes: [1, 10] },
  },
  overload: {
    measure: measureOverload,
    full: { rounds: 3, connections: [1500, 3000], milliseconds: 4000 },
    quick: { rounds: 1, connections: [1500], milliseconds: 1000 },
  },
  silent: {
    measure: measureSilent,
    full: { rounds: 5, count: 1000, requests: 4000 },
    quick: { rounds: 5, count: 1000, requests: 1000 },
  },
  'ws-security': {
    measure: measureWsSecurity,
    full: { rounds: 5, milliseconds: 1000 },
    quick: { rounds: 1, milliseconds: 300 },
  },
  signatures: {
    measure: measureSignatures,
    full: { rounds: 5, milliseconds: 1000 },
    quick: { rounds: 1, milliseconds: 300 },
  },
  encoded: {
    measure: measureEncoded,
    full: { rounds: 11, milliseconds: 300 },
    quick: { rounds: 1, milliseconds: 120 },
  },
  cache: {
    measure: measureCache,
    full: { rounds: 15, requests: 1500 },
    quick: { rounds: 3, requests: 500 },
  },
  steady: {
    measure: measureSteady,
    full: { rounds: 5, milliseconds: 5000 },
    quick: { rounds: 1, milliseconds: 2000 },
  },
  corpus: {
    measure: measureCorpus,
    full: { rounds: 3 },
    quick: { rounds: 1 },
  },
  faces: {
    measure: measureFaces,
    full: { rounds: 9, requests: 600 },
    quick: { rounds: 3, requests: 500 },
  },
  events: {
    measure: measureEvents,
    full: { ...served, stored: 20_000, delivered: 8_000, waiting: 1_000_000, rounds: 5 },
    quick: { ...servedQuickly, stored: 2_000, delivered: 500, waiting: 20_000, rounds: 1 },
  },
  'event-reads': {
    measure: measureReadsBesideEvents,
    full: { ...served, rounds: 15 },
    quick: { ...servedQuickly, rounds: 1 },
  },
  mtom: {
    measure: measureMtom,
    isComparable: true,
    full: { megabytes: 20, rounds: 5, calls: 10 },
    quick: { megabytes: 20, rounds: 1, calls: 5 },
  },
  idempotency: {
    measure: measureIdempotency,
    isComparable: true,
    full: { ...served, rounds: 15, requests: 400 },
    quick: { ...servedQuickly, rounds: 3, requests: 200 },
  },
}
