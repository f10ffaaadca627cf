import type { KeptRoutes } from './merge/kept-routes.js'
import type { DocumentJudge } from './own-check.js'
import type { DesignSettings } from './settings/settings.js'

/**
 * How `soapstone import` makes its document.
 *
 * @example
 * ```ts
 * const options: ImportOptions = { operations: ['Get*'], names: 'preserve', style: 'rpc' }
 * await importWsdl('wsdl/banking/lending.wsdl', options)
 * ```
 */
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
  /** Decisions of a person, applied before the design: what an `import.yaml` says. */
  readonly settings?: DesignSettings
  /** What another document has given to operations already; see `mergeWsdl`. */
  readonly kept?: KeptRoutes
  /** What the document must pass: by default the contract is compiled and judged as `check` does. */
  readonly judge?: DocumentJudge
  /** Told what begins, for people who wait: large WSDLs take a while. */
  readonly progress?: (stage: string) => void
}

/** Is an operation of the WSDL among those that are asked for? */
export function isWanted(name: string, { operations }: ImportOptions): boolean {
  if (!operations) return true
  return operations.some((pattern) => {
    const parts = pattern.split('*').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
    return new RegExp(`^${parts.join('.*')}$`, 'u').test(name)
  })
}
