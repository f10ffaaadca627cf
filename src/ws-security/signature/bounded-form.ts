import {
  type CanonicalForm,
  CanonicalFormTooLong,
  canonicalise,
  canonicaliseInclusively,
  canonicalToken,
  UnsupportedInheritance,
} from '../document/canonical.js'
import { childElements, type ElementNode, type SignedDocument } from '../document/document.js'
import { SIGNATURE, untrusted } from '../untrusted.js'
import type { Canonicalization } from './reader.js'

/** How long canonical forms may be in all, in lengths of the response and in UTF-16 code units. */
const LENGTHENED = 4
export const SHORT = 65_536

/** For all parts of one response together, in UTF-16 code units. */
export function budgetOf({ text }: SignedDocument): number {
  return text.length * LENGTHENED + SHORT
}

/** What a canonical form is made of, and how long it may be. */
export interface Bounds {
  readonly canonicalization: Canonicalization
  readonly document: SignedDocument
  /** In UTF-16 code units. */
  readonly length: number
  readonly isToken?: boolean
}

/** @throws AdapterError `backend-untrusted` where the form is much longer than the response, or has no one meaning */
export function boundedForm(
  element: ElementNode,
  { canonicalization, document, length, isToken }: Bounds,
): CanonicalForm {
  const { isInclusive, prefixes } = canonicalization
  try {
    if (isInclusive) return canonicaliseInclusively(element, ancestorsOf(document.root, element), length)
    return (isToken ? canonicalToken : canonicalise)(element, prefixes, length)
  } catch (error) {
    if (error instanceof UnsupportedInheritance) {
      throw untrusted(
        'A signed part inherits xml:base or xml:id, which inclusive canonicalization treats in several ways',
        SIGNATURE,
      )
    }
    if (!(error instanceof CanonicalFormTooLong)) throw error
    throw untrusted('The signed parts are much longer in canonical form than in the response', SIGNATURE)
  }
}

/** Outermost first. */
function ancestorsOf(root: ElementNode, { start }: ElementNode): readonly ElementNode[] {
  const ancestors: ElementNode[] = []
  let element: ElementNode | undefined = root
  while (element && element.start < start) {
    ancestors.push(element)
    element = childElements(element).find((child) => child.start <= start && start < child.end)
  }
  return ancestors
}
