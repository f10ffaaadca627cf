import { didYouMean } from '../base/diagnostic/did-you-mean.js'
import { type Protocol, protocols } from '../base/protocol.js'
import { type AnnotationContext, AnnotationReader } from './reader/reader.js'

/**
 * Reads `x-soap-protocols` at the top of a document: `[graphql, mcp]`.
 *
 * @returns empty where the document has none; what is none of them is reported
 */
export function readProtocols(context: AnnotationContext): ReadonlySet<Protocol> {
  const reader = new AnnotationReader(context, context.document.root, '')
  const named = reader.texts('x-soap-protocols') ?? []
  for (const word of named.filter((each) => !protocols.some((protocol) => protocol === each))) {
    reader.diagnostics.error(
      'annotation-invalid',
      `x-soap-protocols is a list of ${protocols.join(', ')}; ${word} is none of them.${didYouMean(word, protocols)}`,
      reader.at('x-soap-protocols'),
    )
  }
  return new Set(protocols.filter((protocol) => named.includes(protocol)))
}
