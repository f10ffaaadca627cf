const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/** The `instance` of a problem (RFC 9457, 3.1.5): a URN (RFC 9562, 4) where the request's id is a UUID. */
export function instanceOf(requestId: string | undefined): string | undefined {
  return requestId !== undefined && uuid.test(requestId) ? `urn:uuid:${requestId.toLowerCase()}` : undefined
}
