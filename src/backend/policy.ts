/** How far one backend is trusted and how hard it may be used; the keys are those of `x-soap-backends`. */
export interface BackendPolicy {
  /** From the start of a call to the last byte of its response. */
  readonly timeoutMs: number
  /** Of the response's body, before and after its content coding is undone. */
  readonly maxResponseBytes: number
  /** Calls in flight at once, and so connections. */
  readonly maxConcurrent: number
  /** Calls that wait until one of those ends. */
  readonly maxQueue: number
  readonly breaker: BreakerPolicy
  /** Where the service is to be had, the best first; absent where each call has its own URL. */
  readonly endpoints?: readonly string[]
  /** Without it, what was not sent goes to the next endpoint, and nothing else is tried again. */
  readonly retry?: RetryPolicy
  /** Ask for responses in gzip, deflate or br; they are read whether asked for or not. */
  readonly compression?: boolean
  /** Use a connection for one call after the other; by default yes. */
  readonly keepAlive?: boolean
  readonly tls?: TlsPolicy
  readonly proxy?: ProxyPolicy
  /** How this service shows who it is, in a header field of each call. */
  readonly credentials?: Credentials
}

/** What a connection needs; the parts of a policy that transport alone is made of. */
export type ConnectionPolicy = Pick<
  BackendPolicy,
  'timeoutMs' | 'maxResponseBytes' | 'maxConcurrent' | 'compression' | 'keepAlive' | 'tls' | 'proxy'
>

/** TLS where it is not as Node has it by default. Certificates and keys are PEM. */
export interface TlsPolicy {
  /** Trusted issuers, instead of those that Node brings along. */
  readonly ca?: Buffer
  /** Of the client, followed by those of intermediate issuers. */
  readonly certificate?: Buffer
  readonly key?: Buffer
  /** Certificate and key of the client in one file (RFC 7292), instead of both above. */
  readonly pkcs12?: Buffer
  /** Of `key` or `pkcs12`. */
  readonly passphrase?: string
  readonly minimumVersion?: TlsVersion
  /** The name that the backend's certificate must have, and that is sent as SNI (RFC 6066, section 3). */
  readonly serverName?: string
}

export const tlsVersions = ['TLSv1.2', 'TLSv1.3'] as const
export type TlsVersion = (typeof tlsVersions)[number]

export interface ProxyPolicy {
  /** `http:` or `https:`, without user information. */
  readonly url: string
  readonly username?: string
  readonly password?: string
}

export type Credentials =
  BasicCredentials | DigestCredentials | BearerCredentials | ApiKeyCredentials | ClientCredentials

/** RFC 7617. */
export interface BasicCredentials {
  readonly type: 'basic'
  readonly username: string
  readonly password: string
}

/** RFC 7616. */
export interface DigestCredentials {
  readonly type: 'digest'
  readonly username: string
  readonly password: string
  /** Whether MD5 will do where the backend offers nothing better. */
  readonly allowsMd5: boolean
}

/** A token that does not change (RFC 6750). */
export interface BearerCredentials {
  readonly type: 'bearer'
  readonly token: string
}

export interface ApiKeyCredentials {
  readonly type: 'api-key'
  /** A field name. */
  readonly header: string
  readonly value: string
}

/** Tokens from an OAuth 2.0 authorization server, by the client credentials grant (RFC 6749, section 4.4). */
export interface ClientCredentials {
  readonly type: 'oauth2'
  readonly tokenUrl: string
  readonly clientId: string
  readonly clientSecret: string
  /** Separated by spaces. */
  readonly scope?: string
  /** For authorization servers that issue tokens for several services. */
  readonly audience?: string
  /** Where the client's own credentials go (RFC 6749, section 2.3.1). */
  readonly authentication: 'basic' | 'body'
  /** Of the connection to `tokenUrl`; nothing is taken over from the backend's. */
  readonly tls?: TlsPolicy
  readonly proxy?: ProxyPolicy
}

export interface BreakerPolicy {
  /** Share of failed calls in the window, 0–100, that opens the breaker. */
  readonly failurePercent: number
  /** Calls that the window must hold before the breaker may open. */
  readonly minimumCalls: number
  readonly windowMs: number
  /** Time in the open state before probes are let through. */
  readonly openMs: number
  /** Probes at once, and good answers to them that close a half-open breaker. */
  readonly probes: number
  /** A call that takes so long counts as failed, however it ends; by default none does. */
  readonly slowMs?: number
}

/** When a call that failed is made again. */
export interface RetryPolicy {
  /** Of one call, the first included. */
  readonly attempts: number
  /** Limit of the first pause; it doubles with each that follows. A pause is anything from 0 to its limit. */
  readonly baseMs: number
  readonly maxMs: number
  /** Retries for a hundred calls, on the long run. */
  readonly budgetPercent: number
  /** Longest time of an attempt that another may follow; by default what is left to the deadline. */
  readonly attemptTimeoutMs?: number
}

export const defaultPolicy: BackendPolicy = {
  timeoutMs: 10_000,
  maxResponseBytes: 10 * 1024 * 1024,
  maxConcurrent: 100,
  maxQueue: 100,
  breaker: { failurePercent: 50, minimumCalls: 10, windowMs: 10_000, openMs: 10_000, probes: 1 },
}

export const defaultRetry: RetryPolicy = { attempts: 3, baseMs: 100, maxMs: 2000, budgetPercent: 20 }
