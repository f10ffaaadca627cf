import { appendFileSync, existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { lacking, run, type Stack, startProcess, versionOf } from '../stack.js'

const installed = '/usr/share/gsoap'
/** Two programs: a service that knows both plugins puts headers of WS-Addressing on its refusals, asked or not. */
const parts = {
  security: {
    imports: 'wsse',
    sources: ['plugin/wsseapi', 'plugin/smdevp', 'plugin/mecevp', 'plugin/threads', 'custom/struct_timeval'],
  },
  addressing: { imports: 'wsa5', sources: ['plugin/wsaapi', 'plugin/threads'] },
} as const
const file = (name: string): string => `${installed}/${name}.c`
const service = fileURLToPath(new URL('gsoap-policies.c', import.meta.url))

/** gSOAP with its plugins for WS-Security and WS-Addressing (gsoap, libgsoap-dev, libssl-dev, zlib1g-dev). */
export const gsoapPolicies = {
  found: ((): Stack['found'] => {
    const headers = ['stdsoap2.h', 'openssl/ssl.h', 'zlib.h'].map((name) => `/usr/include/${name}`)
    const missing = [...parts.security.sources.map(file), ...headers].find((path) => !existsSync(path))
    if (missing !== undefined) return { absent: `${missing} is not there` }
    return lacking('gcc', 'wsdl2h') ?? versionOf('soapcpp2', ['-V'], /([\d.]+)/)
  })(),

  /**
   * Compiles the service.
   *
   * @param wsdl file of a wrapped service
   * @returns the program
   */
  compile(folder: string, wsdl: string, part: keyof typeof parts): string {
    const made = join(folder, part)
    mkdirSync(made)
    const { imports, sources } = parts[part]
    run('wsdl2h', ['-c', '-o', 'service.h', wsdl], { cwd: made })
    appendFileSync(join(made, 'service.h'), `#import "${imports}.h"\n`)
    run('soapcpp2', ['-c', '-S', '-L', '-x', `-I${installed}/import`, 'service.h'], { cwd: made })
    // What Debian's libgsoapssl was compiled with: the layout of struct soap rests on it.
    const layout = ['-DWITH_OPENSSL', '-DWITH_DOM', '-DWITH_GZIP', '-DWITH_IPV6']
    const options = [
      '-w',
      '-O0',
      ...layout,
      `-D${part.toUpperCase()}`,
      '-I.',
      `-I${installed}`,
      `-I${installed}/plugin`,
    ]
    const files = ['soapC.c', 'soapServer.c', service, ...sources.map(file)]
    run('gcc', [...options, '-o', 'server', ...files, '-lgsoapssl', '-lssl', '-lcrypto'], { cwd: made })
    return join(made, 'server')
  },

  /** Starts the service with a policy: see gsoap-policies.c. */
  async start(
    program: string,
    policy: readonly string[],
  ): Promise<{ url: string; stop: () => Promise<void> }> {
    const { said, stop } = await startProcess(program, policy, /ready on (\d+)/)
    return { url: `http://127.0.0.1:${said[1] ?? ''}/`, stop }
  },
}
