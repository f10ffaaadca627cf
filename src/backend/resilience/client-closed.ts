import { AdapterError } from '../../base/errors.js'
import type { Cancellation } from './cancellation.js'

/** The end of a call that was not sent, or whose answer nobody needs. @param signal the one that ended it */
export function clientClosed({ reason: cause }: Cancellation): AdapterError {
  return new AdapterError(
    'client-closed',
    'The client closed the connection before the response was complete.',
    {
      cause,
      outcome: 'not-sent',
    },
  )
}
