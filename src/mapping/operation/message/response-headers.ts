import type { SourceExpression } from '../../../annotation/sources/expression.js'
import { readHeaderTemplates } from '../../../annotation/sources/header-template.js'
import { didYouMean } from '../../../base/diagnostic/did-you-mean.js'
import type { OpenApiResponse } from '../../../openapi/operations.js'
import type { SchemaView } from '../../../openapi/schema-view.js'
import type { Fitting } from '../../fit/fitting.js'
import type { OperationJoin } from '../both-sides.js'
import type { BlockMapping, ResponseMapping } from '../mapping.js'
import { parameterNamed } from '../resolve-source.js'
import { unknownScalar } from '../scalar-path.js'
import type { Template } from '../source.js'

type Part = Template[number]

/** The headers of a response that the annotation makes: docs/annotation.md, "In a response header". */
export function mapResponseHeaders(
  operation: OperationJoin,
  response: OpenApiResponse,
  blocks: readonly BlockMapping[],
  fitting: Fitting,
): ResponseMapping['headers'] {
  const { document, diagnostics } = operation
  const content = response.content[0]
  const body = content && fitting.view(content.schema)
  return readHeaderTemplates(document, response, diagnostics).flatMap(({ name, template, pointer }) => {
    const parts = template.map((part) =>
      typeof part === 'string' ? part : resolvePart(operation, part, { body, blocks, fitting }),
    )
    const resolved = parts.filter((part): part is Part => typeof part === 'string' || 'kind' in part)
    if (resolved.length === parts.length) return [{ name, template: resolved }]
    for (const part of parts) {
      if (typeof part === 'string' || 'kind' in part) continue
      const message = `The header ${name} cannot be made: ${part.problem}.`
      diagnostics.error('header-template', message, document.locate(pointer))
    }
    return []
  })
}

interface ResponseSide {
  readonly body: SchemaView | undefined
  readonly blocks: readonly BlockMapping[]
  readonly fitting: Fitting
}

function resolvePart(
  { rest }: OperationJoin,
  source: SourceExpression,
  { body, blocks, fitting }: ResponseSide,
): Part | { readonly problem: string } {
  switch (source.kind) {
    case 'parameter': {
      const found = parameterNamed(rest, source)
      if ('problem' in found) return { problem: inSentence(found.problem) }
      return { ...source, name: found.source.kind === 'parameter' ? found.source.name : source.name }
    }
    case 'response': {
      const problem =
        source.part === 'body'
          ? unknownMember(body, source.steps, fitting)
          : unknownScalar(blocks, source.steps, 'the header of the response')
      return problem === undefined ? source : { problem }
    }
    case 'body':
    case 'identity':
    case 'claim':
    case 'session':
    case 'request-id':
    case 'constant':
      return {
        problem:
          'it may use $request.path, $request.query, $request.header, $response.body and $response.soapHeader',
      }
  }
}

function inSentence(sentence: string): string {
  return sentence.charAt(0).toLowerCase() + sentence.slice(1).replace(/\.$/, '')
}

function unknownMember(
  body: SchemaView | undefined,
  steps: readonly string[],
  fitting: Fitting,
): string | undefined {
  let view = body
  for (const step of steps) {
    const property = view?.properties.get(step)
    if (!property || !view?.required.has(step)) {
      const hint = property ? '' : didYouMean(step, view?.properties.keys() ?? []).replace(/\?$/, '')
      return `the response body has no required member /${steps.join('/')}${hint && `;${hint.replace(' Did', ' did')}`}`
    }
    view = fitting.view(property)
  }
  const isScalar = view && !view.types.has('object') && !view.types.has('array')
  return isScalar ? undefined : `/${steps.join('/')} is not a scalar`
}
