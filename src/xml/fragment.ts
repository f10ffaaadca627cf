import { escapeAttribute } from './escape.js'
import { mayHideCharacters } from './reference.js'

/** Up to so many inherited prefixes, each is looked for; beyond, all are declared. */
const FEW_PREFIXES = 32

/**
 * Writes the namespace declarations that markup needs to stand alone. A prefix that does not occur is left out; one
 * that does may be part of a name or of a QName in content, which only a schema could tell.
 *
 * @param markup an element as it stood in its document
 * @param inherited prefix to namespace name, none of them declared by the element itself; '' is the default
 * @returns attributes, each with a space before it
 */
export function declarationsFor(markup: string, inherited: ReadonlyMap<string, string>): string {
  const all = inherited.size > FEW_PREFIXES || mayHideCharacters(markup)
  let declarations = ''
  for (const [prefix, uri] of inherited) {
    if (prefix === '') declarations += ` xmlns="${escapeAttribute(uri)}"`
    else if (all || markup.includes(prefix + ':'))
      declarations += ` xmlns:${prefix}="${escapeAttribute(uri)}"`
  }
  return declarations
}
