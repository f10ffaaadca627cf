import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Cell, cellName, type SoapVersion } from '../contract.js'
import { lacking, run, type Stack, startProcess, versionOf } from '../stack.js'

const jars = '/usr/share/java'
/** The reference implementation of JAX-WS 2.3 as Debian packages it (jaxws). */
const libraries = [
  'jaxws-rt',
  'jaxws-ri-runtime',
  'jaxws-api',
  'jaxws-tools',
  'jaxb-api',
  'jaxb-core',
  'jaxb-impl',
  'jaxb-runtime',
  'jaxb-xjc',
  'saaj-impl',
  'saaj',
  'stax-ex',
  'streambuffer',
  'metro-policy',
  'mimepull',
  'gmbal',
  'jws-api',
  'javax.activation',
  'istack-commons-runtime',
  'woodstox-core-asl',
  'stax2-api',
  'txw2',
  'geronimo-annotation-1.3-spec',
  'FastInfoset',
]
const classPath = libraries.map((name) => `${jars}/${name}.jar`).filter(existsSync)
const source = (name: string): string => fileURLToPath(new URL(`jax-ws/${name}`, import.meta.url))

/** One package of generated classes for each style: SOAP 1.2 is another binding of the same service. */
const packageOf = ({ style }: Cell): string => cellName({ style, soap: '1.1' })

export const jaxWs: Stack = {
  name: 'JAX-WS, the reference implementation',
  found: existsSync(`${jars}/jaxws-rt.jar`)
    ? (lacking('java', 'javac') ?? versionOf('wsimport', ['-version'], /wsimport version "?([\w. -]+)"?/))
    : { absent: 'jaxws is not installed' },
  speaks: ({ style }) => style !== 'rpc encoded',
  missing: {
    when: ({ soap }) => ({ code: soap === '1.1' ? 'Server' : 'Receiver', text: '^no order' }),
    values: { why: 'text' },
    fault: { why: 'no order 77' },
  },
  async start(folder, cells) {
    const path = compile(folder, [...new Set(cells.map(packageOf))], 'MatrixServer')
    const services = cells.map((cell) => `${cellName(cell)}=${packageOf(cell)}.Submission`)
    const { said, stop } = await serve(path, ['MatrixServer', ...services])
    return { endpoint: (cell) => `http://127.0.0.1:${said[1] ?? ''}/${cellName(cell)}`, stop }
  },
}

/**
 * The wrapped service, once demanding WS-Addressing and once speaking MTOM.
 *
 * @param folder with `wrapped11.wsdl`
 */
export async function startJaxWsPolicies(folder: string): Promise<{
  endpoint: (policy: 'addressing' | 'mtom', soap: SoapVersion) => string
  stop: () => Promise<void>
}> {
  const { said, stop } = await serve(compile(folder, ['wrapped11'], 'PolicyServer'), ['PolicyServer'])
  return {
    endpoint: (policy, soap) => `http://127.0.0.1:${said[1] ?? ''}/${policy}${soap.replace('.', '')}`,
    stop,
  }
}

/**
 * Generates, for each package, the classes of `<package>.wsdl`, and compiles them with the service and the server.
 *
 * @returns the class path
 */
function compile(folder: string, packages: readonly string[], server: string): string {
  const made = join(folder, 'jax-ws')
  mkdirSync(made)
  for (const name of packages) {
    const wsdl = join(folder, `${name}.wsdl`)
    run('wsimport', ['-quiet', '-keep', '-d', made, '-p', name, '-Xnocompile', wsdl])
    const kind = name.startsWith('bare') ? 'BARE' : name.startsWith('rpc') ? 'RPC' : 'WRAPPED'
    const text = readFileSync(source('Submission.java'), 'utf8')
    writeFileSync(
      join(made, name, 'Submission.java'),
      text.replaceAll('STYLE', name).replaceAll(`//${kind} `, ''),
    )
  }
  // package-info says that elements are qualified; no class refers to it.
  const sources = packages.flatMap((name) => [`${name}/Submission.java`, `${name}/package-info.java`])
  const path = [made, ...classPath].join(':')
  const options = ['-nowarn', '-cp', path, '-sourcepath', made, '-d', made]
  run('javac', [...options, source(`${server}.java`), ...sources], { cwd: made })
  return path
}

function serve(path: string, main: readonly string[]): ReturnType<typeof startProcess> {
  const options = ['--add-opens', 'java.base/java.lang=ALL-UNNAMED', '-cp', path]
  return startProcess('java', [...options, ...main], /ready on (\d+)/)
}
