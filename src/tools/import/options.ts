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
}
