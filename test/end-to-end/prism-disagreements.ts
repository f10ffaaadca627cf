import type { Finding, JudgedRequest } from '../oracle/prism-judge.js'

/** A request that one takes and the other refuses. */
interface Disagreement {
  readonly request: JudgedRequest
  /** What was broken, or `valid`. */
  readonly kind: string
  /** What Prism has against it; nothing where it is we who refuse it. */
  readonly findings: readonly Finding[]
}

interface Reason {
  readonly name: string
  readonly holds: (disagreement: Disagreement) => boolean
}

const refusedByUsFor =
  (...kinds: readonly string[]) =>
  ({ kind, findings }: Disagreement) =>
    findings.length === 0 && kinds.includes(kind)

/** Why Prism takes a request that we refuse, or refuses one that we take: each for a gap in Prism, and no other. */
export const disagreements: readonly Reason[] = [
  { name: 'parameters that the document does not have', holds: refusedByUsFor('unknown parameter') },
  { name: 'Content-Encoding', holds: refusedByUsFor('content coding') },
  { name: 'the charset of JSON', holds: refusedByUsFor('charset') },
  { name: 'numbers in URLs: 0x10, 1e2, 1.0, +1', holds: refusedByUsFor('number as JavaScript reads it') },
  { name: 'unevaluatedProperties: Prism has draft 7', holds: refusedByUsFor('unevaluatedProperties') },
  {
    name: 'the format decimal',
    holds: (one) => refusedByUsFor('format')(one) && String(one.request.body).includes('"1,5"'),
  },
  {
    name: 'a parameter without text, absent to Prism',
    holds: (one) =>
      refusedByUsFor('minLength', 'pattern')(one) && /[?&][\w-]+=(?:&|$)/.test(one.request.target),
  },
  {
    name: 'a repeated parameter, of which Prism judges the last',
    holds: (one) =>
      refusedByUsFor('enum', 'maxItems')(one) && /[?&]([\w-]+)=[^&]*&(?:.*&)?\1=/.test(one.request.target),
  },
  {
    name: 'a schema in itself, of which Prism knows no member',
    holds: ({ findings }) =>
      findings.length > 0 &&
      findings.every(
        ({ path = [], code }) => path.includes('translations') && code === 'additionalProperties',
      ),
  },
]
