import type { ArrayShape } from './array-shape.js'

/** An element of an encoded message: a node of its graph, or an edge to one (SOAP 1.1, 5.1). */
export class EncodedNode {
  id: string | undefined = undefined
  /** The id that it refers to, instead of having a value of its own. */
  href: string | undefined = undefined
  /** xsi:type in Clark notation, by the name that XML Schema has now. */
  type: string | undefined = undefined
  isNil = false
  /** An independent element that is nobody's root: soapenc:root="0" (SOAP 1.1, 5.6). */
  isIndependent = false
  /** Present where an attribute says that it is an array. */
  shape: ArrayShape | undefined = undefined
  /** soapenc:position in the array around it. */
  position: readonly number[] | undefined = undefined
  /** Of a leaf; a QName in Clark notation where the type says that it is one. */
  text: string | undefined = undefined
  children: readonly EncodedNode[] = none

  constructor(
    readonly name: string,
    readonly namespace: string,
  ) {}
}

const none: readonly EncodedNode[] = []
