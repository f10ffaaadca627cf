import { type KeptRoutes } from './kept-routes.js'

/** How `soapstone import` makes its document. */
export interface ImportOptions {
  /** What paths in the document are relative to: where it will lie. By default the working directory. */
  readonly baseDir?: string
  /** Name of the backend; by default from the name of the service. */
  readonly backend?: string
  /** Path of the server, `/v1` by default. */
  readonly basePath?: string
  /** `camel` by default. */
  readonly names?: 'camel' | 'preserve'
  /** `resource` by default; `rpc` is `POST /{service}/{operation}` for all. */
  readonly style?: 'resource' | 'rpc'
  /** Only these operations: names, or patterns with `*`. */
  readonly operations?: readonly string[]
  /** Only this wsdl:service. */
  readonly service?: string
  /** Only this wsdl:port. */
  readonly port?: string
  /** What another document has given to operations already; see `mergeWsdl`. */
  readonly kept?: KeptRoutes
}

/** Is an operation of the WSDL among those that are asked for? */
export function isWanted(name: string, { operations }: ImportOptions): boolean {
  if (!operations) return true
  return operations.some((pattern) => {
    const parts = pattern.split('*').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
    return new RegExp(`^${parts.join('.*')}$`, 'u').test(name)
  })
}
