import { copyFileSync, existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Cell, cellName, type Style } from '../contract.js'
import { lacking, run, type Stack, startProcess, versionOf } from '../stack.js'

const source = fileURLToPath(new URL('gsoap.c', import.meta.url))

const macroOf: Readonly<Record<Style, string>> = {
  'document wrapped': 'WRAPPED',
  'document bare': 'BARE',
  'rpc literal': 'RPC',
  'rpc encoded': 'ENCODED',
}

/** One program for each style: gSOAP answers in the version of SOAP that it was asked in. */
const programOf = ({ style }: Cell): string => cellName({ style, soap: '1.1' })

/** gSOAP in C, as Debian packages it (gsoap, libgsoap-dev). */
export const gsoap: Stack = {
  name: 'gSOAP',
  found: existsSync('/usr/include/stdsoap2.h')
    ? (lacking('gcc', 'wsdl2h') ?? versionOf('soapcpp2', ['-V'], /([\d.]+)/))
    : { absent: 'libgsoap-dev is not installed' },
  // From a schema with qualified elements wsdl2h makes qualified accessors, which rpc/literal has not (WS-I BP 1.1, R2735).
  speaks: ({ style }) => style !== 'rpc literal',
  missing: {
    when: () => ({ detail: '{urn:matrix:errors}none' }),
    values: { id: 'none' },
    fault: { id: 77 },
  },
  peculiarities: {
    // time_t has no fractions and no offset.
    changes: { placed: '2026-11-22T18:29:59Z' },
    undeclared: ({ style }) =>
      style === 'rpc encoded'
        ? 'it puts the accessor of the part into an element of the same name'
        : undefined,
    answersAnyPath: true,
  },
  async start(folder, cells) {
    const started = new Map<string, Awaited<ReturnType<typeof startProcess>>>()
    for (const cell of cells) {
      const name = programOf(cell)
      if (started.has(name)) continue
      const made = join(folder, 'gsoap', name)
      mkdirSync(made, { recursive: true })
      copyFileSync(join(folder, `${name}.wsdl`), join(made, 'matrix.wsdl'))
      run('wsdl2h', ['-c', '-o', 'matrix.h', 'matrix.wsdl'], { cwd: made })
      run('soapcpp2', ['-c', '-S', '-L', '-x', '-I/usr/share/gsoap/import', 'matrix.h'], { cwd: made })
      run(
        'gcc',
        [
          '-w',
          '-O0',
          `-D${macroOf[cell.style]}`,
          '-I.',
          '-o',
          'server',
          'soapC.c',
          'soapServer.c',
          source,
          '-lgsoap',
        ],
        { cwd: made },
      )
      started.set(name, await startProcess(join(made, 'server'), [], /ready on (\d+)/))
    }
    return {
      endpoint: (cell) => `http://127.0.0.1:${started.get(programOf(cell))?.said[1] ?? ''}/${cellName(cell)}`,
      stop: async () => {
        for (const { stop } of started.values()) await stop()
      },
    }
  },
}
