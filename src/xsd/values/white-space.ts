import type { Facets } from '../model/model.js'

/** What there is to collapse. */
const padded = /^ | $| {2}|[\t\n\r]/

/** White space dealt with as the facet whiteSpace says (XML Schema Part 2, 4.3.6). */
export function normalizeWhiteSpace(whiteSpace: Facets['whiteSpace'], text: string): string {
  if (whiteSpace === 'preserve' || !/[\t\n\r ]/.test(text)) return text
  if (whiteSpace === 'replace') return text.replace(/[\t\n\r]/g, ' ')
  return padded.test(text) ? collapse(text) : text
}

/** Runs of white space become one space, those at the ends nothing. */
export function collapse(text: string): string {
  return text.replace(/[ \t\n\r]+/g, ' ').replace(/^ | $/g, '')
}
