import type { Adapter } from '../../adapter/adapter.js'
import type { Settings } from '../../config/settings-table.js'
import { FailedAttempts } from '../../http/authentication/failed-attempts.js'
import { Contracts } from '../../http/contract/contracts.js'
import { requestText } from '../message/request-text.js'
import { parseRestRequest } from '../message/rest-request.js'
import { Failure } from '../terminal/report.js'

export interface InspectOptions {
  readonly inspect?: true
  readonly inspectHost: string
  readonly inspectPort: string
  readonly inspectValues?: true
}

/** An inspector that looks at the calls of the contracts that are attached to it. */
export interface RunningInspector {
  attach(adapters: readonly Adapter[]): void
  /** Serves its page. @returns the URL */
  start(): Promise<string>
}

/**
 * Loads the inspector, which a service without it never does.
 *
 * @throws Failure where it would be open to other machines
 */
export async function openInspector(
  { inspectHost: host, inspectPort, inspectValues }: InspectOptions,
  { adminToken: token, authFailuresPerMinute: failures }: Settings,
): Promise<RunningInspector> {
  const [{ Inspector }, { isLoopback }, { startInspectorServer, TOKEN_NEEDED }] = await Promise.all([
    import('../../inspector/inspector.js'),
    import('../../inspector/origin.js'),
    import('../../inspector/server.js'),
  ])
  if (token === '' && !isLoopback(host)) throw new Failure(TOKEN_NEEDED, 2)
  const inspector = new Inspector({ values: inspectValues ?? false })
  return {
    attach: (adapters) => {
      // One that is served alone, or the newest version.
      inspector.attach(new Contracts(adapters).newest)
    },
    start: async () => {
      const port = Number(inspectPort)
      try {
        const { url } = await startInspectorServer(inspector, {
          ...{ host, port, token, parseRequest: parseRestRequest, requestText },
          ...(failures > 0 && { failedAttempts: new FailedAttempts(failures) }),
        })
        return url
      } catch (error) {
        const isTaken = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE'
        if (!isTaken) throw error
        throw new Failure(
          `TCP port ${port} is taken: choose another for the inspector with --inspect-port.`,
          1,
        )
      }
    },
  }
}
