import { inspect } from 'node:util'
import { Backend, type CallOptions } from '../../src/backend/backend.js'
import { type BackendPolicy, defaultPolicy } from '../../src/backend/policy.js'
import { bytesOf } from '../../src/base/bytes/source.js'
import { AdapterError } from '../../src/base/errors.js'

/** Closed in reverse order by {@link closeAll}. */
const open: { close(): Promise<unknown> }[] = []

export function closing<T extends { close(): Promise<unknown> }>(thing: T): T {
  open.push(thing)
  return thing
}

export async function closeAll(): Promise<void> {
  for (const thing of open.splice(0).reverse()) await thing.close()
}

export function backendWith(policy: Partial<BackendPolicy>): Backend {
  return closing(new Backend('core-banking', { ...defaultPolicy, ...policy }))
}

/**
 * Calls a backend, with an interpreter that takes a body that begins with `<ok` for SOAP and all else for none.
 *
 * @returns what the body is, or the code and message of the error, in which and in whose causes there is no secret
 */
export async function outcomeOf(backend: Backend, url: string, options?: CallOptions): Promise<string> {
  const request = { url, headers: { soapaction: '"urn:x"' }, body: '<Envelope/>' }
  try {
    return await backend.call(
      request,
      ({ status, body }) => {
        const text = bytesOf(body).toString()
        if (text.startsWith('<ok')) return text
        throw new AdapterError('backend-not-soap', `No SOAP, ${status}.`)
      },
      options,
    )
  } catch (error) {
    if (!(error instanceof AdapterError)) throw error
    if (inspect(error, { depth: 9 }).includes('s3cret')) throw new Error('a secret is in the error')
    return `${error.code}: ${error.message}`
  }
}
