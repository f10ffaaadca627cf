/** What a download may take. */
export interface FetchLimits {
  readonly files: number
  /** Bytes of one file, and of all. */
  readonly fileBytes: number
  readonly totalBytes: number
  /** Milliseconds for one file, its redirects included, and for all. */
  readonly fileMs: number
  readonly totalMs: number
  /** One after the other. */
  readonly redirects: number
}

export const fetchLimits: FetchLimits = {
  files: 200,
  fileBytes: 16 * 1024 * 1024,
  totalBytes: 64 * 1024 * 1024,
  fileMs: 20_000,
  totalMs: 120_000,
  redirects: 5,
}

export interface FetchOptions {
  /** `host` or `host:port`, beside those of the WSDLs themselves. */
  readonly allowedHosts?: readonly string[]
  /** Sent to the origins of the WSDLs alone (RFC 7617). */
  readonly credentials?: { readonly username: string; readonly password: string }
  readonly limits?: Partial<FetchLimits>
}
