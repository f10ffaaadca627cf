import { isNameChar, isNameStart } from './chars.js'
import { escapeAttribute } from './escape.js'
import type { Inherited } from './namespace-bindings.js'
import { mayHideCharacters } from './reference.js'

/** Up to so many prefixes, each is looked for; of more, those that the markup has are looked up. */
const FEW_PREFIXES = 32

/**
 * Writes the namespace declarations that markup needs to stand alone. A prefix that does not occur is left out; one
 * that does may be part of a name or of a QName in content, which only a schema could tell.
 *
 * @param markup an element as it stood in its document
 * @returns attributes, each with a space before it
 */
export function declarationsFor(markup: string, { bindings, redeclared }: Inherited): string {
  const declaration = (prefix: string, uri: string): string => {
    if (redeclared.has(prefix)) return ''
    return ` ${prefix === '' ? 'xmlns' : `xmlns:${prefix}`}="${escapeAttribute(uri)}"`
  }
  let declarations = ''
  if (bindings.size <= FEW_PREFIXES || mayHideCharacters(markup)) {
    const all = mayHideCharacters(markup)
    for (const [prefix, uri] of bindings) {
      if (all || prefix === '' || markup.includes(prefix + ':')) declarations += declaration(prefix, uri)
    }
    return declarations
  }
  for (const prefix of prefixesIn(markup)) {
    const uri = bindings.get(prefix)
    if (uri !== undefined) declarations += declaration(prefix, uri)
  }
  return declarations
}

/** Whatever stands before a colon and may be a prefix, the default among them. */
function prefixesIn(markup: string): Set<string> {
  const prefixes = new Set([''])
  let from = 0
  for (let colon = markup.indexOf(':'); colon !== -1; colon = markup.indexOf(':', from)) {
    let start = colon
    while (start > from && isPartOfName(markup.charCodeAt(start - 1))) start--
    // A minus in an expression is no part of the name after it.
    while (start < colon && !isBeginOfName(markup.charCodeAt(start))) start++
    if (start < colon) prefixes.add(markup.slice(start, colon))
    from = colon + 1
  }
  return prefixes
}

function isPartOfName(unit: number): boolean {
  return isSurrogate(unit) || isNameChar(unit)
}

function isBeginOfName(unit: number): boolean {
  return isSurrogate(unit) || isNameStart(unit)
}

function isSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdfff
}
