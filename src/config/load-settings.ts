import { wholeNumber } from './setting.js'

/** From when on a process refuses requests, so that it can finish those that it has. */
export const LOAD_SETTINGS = {
  maxInFlight: wholeNumber({
    variable: 'MAX_IN_FLIGHT',
    default: 1_000,
    unit: '',
    from: 0,
    to: 1_000_000,
    description: 'Requests that are not answered yet, from which on others get 503; 0: any number',
  }),
  maxEventLoopLagMs: wholeNumber({
    variable: 'MAX_EVENT_LOOP_LAG_MS',
    default: 500,
    unit: 'ms',
    from: 0,
    to: 60_000,
    description: 'Mean delay of the event loop, from which on requests get 503; 0: any delay',
  }),
}
