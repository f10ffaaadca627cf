/** What cannot break a log line, a header or a URI. */
const SANE = /^[A-Za-z0-9][A-Za-z0-9._~:+/=-]{0,127}$/

/** Whether a request may be called so, in our logs and towards backends. */
export function isRequestId(text: unknown): text is string {
  return typeof text === 'string' && SANE.test(text)
}
