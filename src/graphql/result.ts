import { GraphQLError } from 'graphql'
import type { RestResponse } from '../adapter/rest.js'
import { type Content, contentOf } from '../http/content.js'
import type { RequestValues } from '../http/request/reader.js'
import { plain } from '../json/plain.js'
import { isJsonObject } from '../json/value.js'

/** What an operation answered, and what it was asked: links may refer to both. */
export interface Result {
  readonly content: Content
  readonly values: RequestValues
}

/** @throws GraphQLError for a response that is a declared fault */
export function resultOf(response: RestResponse, values: RequestValues): Result {
  const content = contentOf(response)
  if (response.status >= 400) throw faultOf(content, response.status)
  return { content, values }
}

/** A declared fault is a problem document of the contract: its members go to the extensions. */
function faultOf(problem: Content, status: number): GraphQLError {
  const { detail, title, ...members } = isJsonObject(problem) ? problem : {}
  const message = [detail, title].find((text) => typeof text === 'string')
  const told = Object.entries({ ...members, detail, title }).map(
    ([name, member]) => [name, plain(member)] as const,
  )
  return new GraphQLError(message ?? 'The backend refused the request.', {
    extensions: { status, ...Object.fromEntries(told) },
  })
}
