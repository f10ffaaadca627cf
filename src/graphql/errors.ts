import { GraphQLError } from 'graphql'
import { asAdapterError, toProblem } from '../http/answer/problem.js'

/**
 * The error of GraphQL for what an operation threw. Its extensions are the problem document that REST would have sent: a stable
 * `code`, the `status`, every violation; and how long to wait, and whether a write may have been carried out.
 */
export function restErrorOf(thrown: unknown, requestId: string): GraphQLError {
  if (thrown instanceof GraphQLError) return thrown
  const error = asAdapterError(thrown)
  const { retryAfter, outcome } = error
  const problem = toProblem(error, requestId)
  return new GraphQLError(error.message, {
    extensions: {
      ...problem,
      ...(retryAfter !== undefined && { retryAfter }),
      ...(outcome !== undefined && { outcome }),
    },
  })
}
