import type { IncomingMessage, ServerResponse } from 'node:http'
import type { FacadeApp } from './app.js'

/** An app, and how many of its requests are not answered yet. */
interface Serving {
  readonly app: FacadeApp
  unanswered: number
  /** Set once another serves in its place: called when nothing is unanswered any more. */
  onIdle?: () => void
}

/**
 * A listener behind which another app can take over between two requests: each request ends on the app that it began on.
 */
export class SwitchableApp {
  #serving: Serving

  constructor(app: FacadeApp) {
    this.#serving = { app, unanswered: 0 }
  }

  get current(): FacadeApp {
    return this.#serving.app
  }

  /** For node:http. */
  readonly listener: FacadeApp = Object.assign(
    (req: IncomingMessage, res: ServerResponse) => {
      const serving = this.#serving
      serving.unanswered++
      res.once('close', () => {
        if (--serving.unanswered === 0) serving.onIdle?.()
      })
      serving.app(req, res)
    },
    {
      judge: () => this.current.judge(),
      warmUp: () => this.current.warmUp(),
      settled: () => this.current.settled(),
      connected: () => {
        this.current.connected()
      },
      isFull: () => this.current.isFull(),
      cacheState: () => this.current.cacheState(),
    },
  )

  /**
   * Lets another app serve whatever comes from now on.
   *
   * @returns resolves when the one before has answered all that it had, calls that outlive their clients included
   */
  async replace(app: FacadeApp): Promise<void> {
    const before = this.#serving
    this.#serving = { app, unanswered: 0 }
    if (before.unanswered > 0) {
      await new Promise<void>((resolve) => {
        before.onIdle = resolve
      })
    }
    await before.app.settled()
  }
}
