import { type ToldOfCaller } from './cache-policy.js'
import { type BackendMapping, type RequestMapping } from './operation-mapping.js'

/** What the backend of an operation learns of its caller, whoever it is. */
export function toldOfCaller({ members, headers }: RequestMapping, backend: BackendMapping): ToldOfCaller {
  const sources = [...members, ...(headers?.members ?? [])].map(({ source }) => source)
  const claims = sources.flatMap((source) => (source.kind === 'claim' ? [source.steps] : []))
  const isTold = claims.length > 0 || sources.some(({ kind }) => kind === 'identity')
  return { claims, anything: isTold || backend.annotation.security?.saml !== undefined }
}
