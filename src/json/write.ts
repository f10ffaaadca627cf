/** What JSON cannot hold as it stands (RFC 8259, section 7), and lone surrogates. */
const NEEDS_ESCAPE = /[\u0000-\u001f"\\\ud800-\udfff]/

/** Writes a JSON string with its quotes. */
export function quote(text: string): string {
  return text.length < 5000 && !NEEDS_ESCAPE.test(text) ? `"${text}"` : JSON.stringify(text)
}
