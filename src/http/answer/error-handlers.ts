import type { ErrorRequestHandler, RequestHandler } from 'express'
import { AdapterError } from '../../base/errors.js'
import { exchangeOf } from '../exchange.js'
import { sendProblem } from './problem.js'

/** Where no other handler has answered. */
export const nothingHere: RequestHandler = () => {
  throw new AdapterError('not-found', 'There is nothing at this path.')
}

/** Whatever was thrown becomes a problem document. */
export const answerError: ErrorRequestHandler = (error: unknown, req, res, next) => {
  try {
    sendProblem(res, error, exchangeOf(req))
  } catch (failure) {
    next(failure)
  }
}
