import type { Fitting } from '../../fit/fitting.js'
import type { OperationJoin } from '../both-sides.js'
import { isText, resolveSource } from '../resolve-source.js'
import type { Source } from '../source.js'

/**
 * Where the SAML assertion of an operation's calls comes from: docs/soap.md, "WS-Security".
 *
 * @returns undefined where none is sent, or, with a diagnostic, where the operation has no such thing
 */
export function samlAssertionOf(operation: OperationJoin, fitting: Fitting): Source | undefined {
  const { document, rest, backendAnnotation, diagnostics } = operation
  const { samlAssertion: written } = backendAnnotation
  if (!written) return undefined
  const { source, pointer } = written
  // A login cannot send what only its response brings.
  if (operation.isLogin && source.kind === 'session') return undefined
  const at = document.locate(pointer)
  if (source.kind === 'parameter' && source.in !== 'header') {
    const message = `${rest.operationId} takes the SAML assertion, by which its bearer is known to the backend, from the ${source.in}: what stands in a URL is kept by logs and histories. Take it from a header: $request.header.${source.name}.`
    diagnostics.warning('saml-in-url', message, at)
  }
  if (source.kind === 'parameter' && source.in === 'header' && !operation.isLogin) {
    const name = source.name.toLowerCase()
    const isDeclared = rest.parameters.some(
      (each) => each.in === 'header' && each.name.toLowerCase() === name,
    )
    const isCredential = rest.security
      ?.flat()
      .some(
        ({ scheme }) =>
          scheme.kind === 'apiKey' && scheme.in === 'header' && scheme.name.toLowerCase() === name,
      )
    if (!isDeclared && !isCredential) {
      const wanted = `{ name: ${source.name}, in: header, required: true, schema: { type: string } }`
      const message = `${rest.operationId} sends the SAML assertion of the header ${source.name}, of which the contract says nothing: declare the parameter ${wanted}.`
      diagnostics.warning('saml-undeclared', message, at)
    }
    return { ...source, name }
  }
  const resolved = resolveSource(operation, fitting, written, 'wss-policy')
  if (!resolved) return undefined
  if (isText(resolved, fitting)) return resolved.source
  const message = `${rest.operationId} has no text at ${written.written}: a SAML assertion is one, in a header or a member of the body.`
  diagnostics.error('wss-policy', message, at)
  return undefined
}
