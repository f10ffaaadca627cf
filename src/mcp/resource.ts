import type { IncomingMessage, ServerResponse } from 'node:http'

/** What is told of this service to those who ask where tokens come from (RFC 9728). */
export interface Resource {
  /** What clients call the service; by default what the request was sent to. */
  readonly publicUrl: string
  /** Empty where no tokens are taken. */
  readonly issuer: string
}

/**
 * The metadata of the protected resource as JSON (RFC 9728, section 2).
 *
 * @param path of the resource
 * @returns undefined where no tokens are taken
 */
export function protectedResource(
  resource: Resource,
  req: IncomingMessage,
  { path, scopes }: { readonly path: string; readonly scopes: readonly string[] },
): string | undefined {
  const { issuer } = resource
  if (issuer === '') return undefined
  return JSON.stringify({
    resource: `${baseUrl(resource, req)}${path}`,
    authorization_servers: [issuer],
    bearer_methods_supported: ['header'],
    ...(scopes.length > 0 && { scopes_supported: scopes }),
  })
}

/** Adds to challenges of tokens where their metadata is (RFC 9728, section 5.1). */
export function withMetadata(
  res: ServerResponse,
  resource: Resource,
  req: IncomingMessage,
  path: string,
): void {
  const challenges = res.getHeader('www-authenticate')
  if (resource.issuer === '' || !Array.isArray(challenges)) return
  const where = `resource_metadata="${baseUrl(resource, req)}${path}"`
  res.setHeader(
    'www-authenticate',
    challenges.map((challenge) =>
      challenge.startsWith('Bearer')
        ? challenge.replace(
            /^Bearer( ?)(,?)/,
            (_, space: string, comma: string) =>
              `Bearer ${where}${comma !== '' ? ',' : space !== '' ? ', ' : ''}`,
          )
        : challenge,
    ),
  )
}

function baseUrl({ publicUrl }: Resource, { headers, socket }: IncomingMessage): string {
  if (publicUrl !== '') return publicUrl.replace(/\/$/, '')
  return `${'encrypted' in socket ? 'https' : 'http'}://${headers.host ?? 'localhost'}`
}

/**
 * Whether a request may come from where it says. Browsers say the origin of the page, which a page of a name that was made to
 * mean this machine cannot change (MCP, "Security Warning" of Streamable HTTP); programs say none.
 */
export function isSameSite({ headers: { origin } }: IncomingMessage, origins: readonly string[]): boolean {
  return origin === undefined || origins.includes(origin)
}
