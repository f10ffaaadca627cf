import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

const bin = fileURLToPath(new URL('../../node_modules/.bin/prism', import.meta.url))

export interface ValidatingProxy {
  /** Without a path. */
  readonly url: string
  close(): Promise<void>
}

export interface SchemaViolation {
  readonly location: readonly string[]
  readonly severity: string
  readonly code: string | number
  readonly message: string
}

/**
 * Starts Prism between clients and a service. What it finds is in the header `sl-violations` of a response.
 *
 * @param documentPath an OpenAPI document
 * @param upstream where its paths begin, the path of its server included
 */
export async function startPrism(documentPath: string, upstream: string): Promise<ValidatingProxy> {
  const prism = spawn(bin, ['proxy', documentPath, upstream, '--host', '127.0.0.1', '--port', '0'], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  const url = await new Promise<string>((resolve, reject) => {
    const read = (chunk: Buffer) => {
      output += chunk.toString()
      const listening = /Prism is listening on (http:\/\/[\w.:]+)/.exec(output)?.[1]
      if (listening !== undefined) resolve(listening)
    }
    prism.stdout.on('data', read)
    prism.stderr.on('data', read)
    prism.once('exit', () => {
      reject(new Error(`Prism ended: ${output}`))
    })
  })
  return {
    url,
    close: async () => {
      const exited = once(prism, 'exit')
      prism.kill()
      await exited
    },
  }
}

/** @returns what Prism says of the response, and of the request where `requests` is set */
export function violationsOf(headers: Headers): readonly SchemaViolation[] {
  const text = headers.get('sl-violations')
  return text === null ? [] : (JSON.parse(text) as SchemaViolation[])
}
