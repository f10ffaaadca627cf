import type { BuiltInName, SimpleType } from '../model/model.js'
import { compileFacets, itemsOf } from './facets.js'
import { normalizeWhiteSpace } from './white-space.js'

/**
 * Values that are qualified names (Part 2, 3.2.18 and 3.2.19). Documents write them with prefixes; everywhere else here
 * they are in Clark notation, `{namespace}local`, alone, as items of a list and as values of a union.
 */
const NAMES: ReadonlySet<BuiltInName> = new Set<BuiltInName>(['QName', 'NOTATION'])

/** Whether values of a type are or contain qualified names. */
export function hasNames(type: SimpleType): boolean {
  const known = named.get(type)
  if (known !== undefined) return known
  const has = findNames(type)
  named.set(type, has)
  return has
}

/** Unions may lead to one another in many ways: each is judged once. */
const named = new WeakMap<SimpleType, boolean>()

function findNames({ variety, builtIn, itemType, memberTypes }: SimpleType): boolean {
  if (variety === 'list') return itemType !== undefined && hasNames(itemType)
  if (variety === 'union') return memberTypes?.some(hasNames) === true
  return NAMES.has(builtIn)
}

/**
 * The lexical form with its names in Clark notation.
 *
 * @param lexical as a document has it, white space dealt with
 * @param resolve gives a prefixed name in Clark notation; nothing where it is none or its prefix is not declared
 */
export function withNamespaces(
  type: SimpleType,
  lexical: string,
  resolve: (name: string) => string | undefined,
): string {
  if (type.variety === 'list') {
    const { itemType } = type
    return itemType
      ? itemsOf(lexical)
          .map((item) => withNamespaces(itemType, item, resolve))
          .join(' ')
      : lexical
  }
  if (type.variety === 'union') {
    for (const member of type.memberTypes ?? []) {
      const candidate = withNamespaces(
        member,
        normalizeWhiteSpace(member.facets.whiteSpace, lexical),
        resolve,
      )
      if (compileFacets(member)(candidate) === undefined) return hasNames(member) ? candidate : lexical
    }
    return lexical
  }
  return NAMES.has(type.builtIn) ? (resolve(lexical) ?? lexical) : lexical
}

/**
 * The way back.
 *
 * @param lexical a value of the type with its names in Clark notation
 * @param write gives a name with the prefix that is declared for it
 */
export function withPrefixes(type: SimpleType, lexical: string, write: (name: string) => string): string {
  if (type.variety === 'list') {
    const { itemType } = type
    return itemType
      ? itemsOf(lexical)
          .map((item) => withPrefixes(itemType, item, write))
          .join(' ')
      : lexical
  }
  if (type.variety === 'union') {
    const member = type.memberTypes?.find((candidate) => {
      return compileFacets(candidate)(normalizeWhiteSpace(candidate.facets.whiteSpace, lexical)) === undefined
    })
    return member ? withPrefixes(member, lexical, write) : lexical
  }
  return NAMES.has(type.builtIn) ? write(lexical) : lexical
}
