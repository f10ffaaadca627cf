import type { RequestMapping } from './mapping.js'
import type { Source } from './source.js'

/** What the backend learns of who asks. */
export interface CallerExposure {
  /** Claims that are sent, as steps into them. */
  readonly claims: readonly (readonly string[])[]
  /** Headers that are sent and that the contract need not declare, in lower case. */
  readonly headers: readonly string[]
  readonly anything: boolean
}

export const nothingExposed: CallerExposure = { claims: [], headers: [], anything: false }

/** What the backend of an operation learns of its caller, whoever it is. */
export function callerExposure({
  members,
  headers,
  samlAssertion,
}: Pick<RequestMapping, 'members' | 'headers' | 'samlAssertion'>): CallerExposure {
  const sources = [...members, ...(headers?.members ?? [])].map(({ source }) => source)
  if (samlAssertion) sources.push(samlAssertion)
  const claims = sources.flatMap((source) => (source.kind === 'claim' ? [source.steps] : []))
  const isIdentified = sources.some(({ kind }) => kind === 'claim' || kind === 'identity')
  const isAsserted = samlAssertion !== undefined && !isOfService(samlAssertion)
  return {
    claims,
    headers: samlAssertion?.kind === 'parameter' && samlAssertion.in === 'header' ? [samlAssertion.name] : [],
    anything: isIdentified || isAsserted,
  }
}

/** What is learnt by any of several. */
export function allExposed(exposures: readonly CallerExposure[]): CallerExposure {
  const claims = exposures.flatMap((exposure) =>
    exposure.claims.map((steps) => [steps.join('\n'), steps] as const),
  )
  return {
    claims: [...new Map(claims).values()],
    headers: exposures.flatMap(({ headers }) => headers),
    anything: exposures.some(({ anything }) => anything),
  }
}

/** Is it the same for all callers, and this service's own? */
export function isOfService({ kind }: Source): boolean {
  return kind === 'constant' || kind === 'session'
}
