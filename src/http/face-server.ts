import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Exchange } from './exchange.js'
import type { OperationCalls } from './operations/calls.js'

/** A protocol beside REST, at paths of its own. */
export interface FaceServer {
  /** Each whole, without a query: `/graphql`. */
  readonly paths: readonly string[]
  /** Header fields that its clients send and read beside those of HTTP and of the contract. */
  readonly headerFields?: { readonly request: readonly string[]; readonly response: readonly string[] }
  /** Answers a request; a rejection becomes a problem document. */
  serve(req: IncomingMessage, res: ServerResponse, exchange: Exchange): Promise<void>
}

/** Makes the server of a protocol for the operations of a contract. */
export type OpenFace = (calls: OperationCalls) => FaceServer
