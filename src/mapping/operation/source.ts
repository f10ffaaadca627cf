import type { SourceExpression } from '../../annotation/sources/expression.js'

type OfKind<Kind extends SourceExpression['kind']> = Extract<SourceExpression, { readonly kind: Kind }>

/** Where a value of a call comes from: what it names is there, and names of headers are in lower case. */
export type Source = Exclude<SourceExpression, { readonly kind: 'response' }>

/** A place in the response of the backend. */
export type ResponseSource = OfKind<'response'>

/** A text with values of the request and the response in it. */
export type Template = readonly (string | OfKind<'parameter'> | ResponseSource)[]
