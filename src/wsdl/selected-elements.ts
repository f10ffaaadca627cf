import { WSA, WSA_2004, WSSE, WSU, XMLDSIG } from '../base/namespaces.js'
import { clark, type QName } from '../base/qname.js'
import type { ElementDeclaration, XsdType } from '../xsd/model/model.js'
import { elementsWithin } from '../xsd/model/type-walk.js'
import type { Binding } from './model.js'
import type { ElementPath } from './policy/element-path.js'

/** What a plain path of a policy comes to. */
export type Selected =
  | {
      readonly kind: 'part'
      readonly part: 'body' | 'headers' | 'addressing' | 'username' | 'timestamp' | 'signature' | 'saml'
    }
  /** Of requests, each by local names from a child of the soap:Body on; none where only responses have it. */
  | { readonly kind: 'elements'; readonly paths: readonly string[] }

/** What stands in wsse:Security, by names in Clark notation. */
const tokens: ReadonlyMap<string, Selected> = new Map<string, Selected>([
  [`{${WSU}}Timestamp`, { kind: 'part', part: 'timestamp' }],
  [`{${WSSE}}UsernameToken`, { kind: 'part', part: 'username' }],
  [`{${XMLDSIG}}Signature`, { kind: 'part', part: 'signature' }],
  ['{urn:oasis:names:tc:SAML:2.0:assertion}Assertion', { kind: 'part', part: 'saml' }],
  ['{urn:oasis:names:tc:SAML:1.0:assertion}Assertion', { kind: 'part', part: 'saml' }],
])

/** @returns undefined for what no message of the binding is declared to have, or has at places without number */
export function selectedBy({ within, steps }: ElementPath, { operations }: Binding): Selected | undefined {
  const [first, second, ...more] = steps
  if (within === 'body' && !first) return { kind: 'part', part: 'body' }
  if (within === 'header' && first) {
    if (!second) return { kind: 'part', part: isAddressing(first) ? 'addressing' : 'headers' }
    return clark(first) === `{${WSSE}}Security` && more.length === 0 ? tokens.get(clark(second)) : undefined
  }
  const token = within === 'anywhere' && first && !second ? tokens.get(clark(first)) : undefined
  if (token) return token
  const search = { steps: steps.map(clark), isAnywhere: within === 'anywhere' }
  const sent = pathsIn(
    operations.flatMap(({ input }) => input.body),
    search,
  )
  const returned = pathsIn(
    operations.flatMap(({ output }) => output?.body ?? []),
    search,
  )
  if (!sent || !returned || (sent.length === 0 && returned.length === 0)) return undefined
  return { kind: 'elements', paths: sent }
}

function isAddressing({ namespace }: QName): boolean {
  return namespace === WSA || namespace === WSA_2004
}

const MAX_PATHS = 32
const MAX_VISITS = 10_000
/** Elements one within the other. */
const MAX_DEPTH = 100

/** @returns undefined where there are too many places to name them: one may lie in elements that can contain themselves */
function pathsIn(
  roots: readonly ElementDeclaration[],
  { steps, isAnywhere }: { readonly steps: readonly string[]; readonly isAnywhere: boolean },
): readonly string[] | undefined {
  /** With the types of the elements around each. */
  const found = new Map<string, readonly XsdType[]>()
  const recursive = new Set<XsdType>()
  let visits = 0
  const visit = (
    elements: readonly ElementDeclaration[],
    trail: readonly QName[],
    open: readonly XsdType[],
  ): boolean =>
    elements.every(({ name, type }) => {
      if (++visits > MAX_VISITS || found.size > MAX_PATHS || trail.length > MAX_DEPTH) return false
      const path = [...trail, name]
      const names = path.map(clark)
      const isFound = isAnywhere
        ? names.slice(-steps.length).join(' ') === steps.join(' ')
        : names.join(' ') === steps.join(' ')
      // What lies within is encrypted with it.
      if (isFound) {
        found.set(path.map(({ localName }) => localName).join('/'), open)
        return true
      }
      if (!isAnywhere && names.join(' ') !== steps.slice(0, names.length).join(' ')) return true
      const children = childrenOf(type)
      if (children.length === 0) return true
      if (isAnywhere && open.includes(type)) {
        recursive.add(type)
        return true
      }
      return visit(children, path, [...open, type])
    })
  const isEndless = (around: readonly XsdType[]): boolean => around.some((type) => recursive.has(type))
  if (!visit(roots, [], []) || [...found.values()].some(isEndless)) return undefined
  return [...found.keys()]
}

function childrenOf(type: XsdType): readonly ElementDeclaration[] {
  return type.kind === 'complexType' && type.content.kind === 'elements'
    ? elementsWithin(type.content.particle)
    : []
}
