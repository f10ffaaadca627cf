import type { ApiKeyCredentials, BasicCredentials, BearerCredentials } from './policy.js'

type HeaderFields = Readonly<Record<string, string>>

/** The header fields of credentials that are the same at every call. */
export function authorizationOf(
  credentials: BasicCredentials | BearerCredentials | ApiKeyCredentials,
): HeaderFields {
  switch (credentials.type) {
    case 'basic':
      return { authorization: basic(credentials.username, credentials.password) }
    case 'bearer':
      return { authorization: `Bearer ${credentials.token}` }
    case 'api-key':
      return { [credentials.header.toLowerCase()]: credentials.value }
  }
}

/** Basic credentials in UTF-8 (RFC 7617, section 2). */
export function basic(username: string, password: string): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`
}
