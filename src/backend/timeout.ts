import { AdapterError } from '../base/errors.js'

/** How far an exchange has got. */
export type Phase = 'connecting' | 'waiting' | 'reading'

const late: Record<Phase, string> = {
  connecting: 'no connection was free or could be made, and nothing was sent',
  waiting: 'its response did not begin',
  reading: 'its response did not end',
}

/** The time for the whole of an exchange is over. */
export function tooLate(timeoutMs: number, phase: Phase): AdapterError {
  return new AdapterError('backend-timeout', `The backend took longer than ${timeoutMs} ms: ${late[phase]}.`)
}

/** Of a response that is given while it arrives no more has come in time. */
export function stalled(timeoutMs: number): AdapterError {
  return new AdapterError(
    'backend-timeout',
    `Nothing more of the backend's response came for ${timeoutMs} ms.`,
  )
}
