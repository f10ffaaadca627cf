import type { IncomingMessage, ServerResponse } from 'node:http'

const WAITING = Symbol('waits for 100 Continue')

type Expecting = IncomingMessage & { [WAITING]?: true }

/** Notes that the client sends its body when it is told to (RFC 9110, section 10.1.1). */
export function expectContinue(req: Expecting): void {
  req[WAITING] = true
}

/** Asks for the body of a request that will be served: of one that is refused it is never sent. */
export function writeContinue(req: Expecting, res: ServerResponse): void {
  if (req[WAITING] === true && !res.headersSent) res.writeContinue()
}
