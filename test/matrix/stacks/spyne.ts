import { fileURLToPath } from 'node:url'
import { cellName } from '../contract.js'
import { type Stack, startProcess, versionOf } from '../stack.js'

/** Debian's Python, for which python3-spyne is packaged. */
const python = '/usr/bin/python3'

/** Spyne in Python, as Debian packages it (python3-spyne). */
export const spyne: Stack = {
  name: 'Spyne',
  found: versionOf(
    python,
    ['-c', 'import spyne, spyne.protocol.soap, spyne.server.wsgi; print("Spyne", spyne.__version__)'],
    /Spyne ([\d.]+)/,
  ),
  speaks: ({ style }) => style.startsWith('document'),
  missing: {
    when: () => ({ code: 'ResourceNotFound' }),
    values: { why: 'text' },
    fault: { why: "Requested resource '77' not found" },
  },
  // Python counts in microseconds, and writes all of them.
  peculiarities: { changes: { placed: '2026-11-22T23:59:59.250000+05:30' } },
  async start(_folder, cells) {
    const script = fileURLToPath(new URL('spyne_server.py', import.meta.url))
    const { said, stop } = await startProcess(python, [script, ...cells.map(cellName)], /ready on (\d+)/)
    return { endpoint: (cell) => `http://127.0.0.1:${said[1] ?? ''}/${cellName(cell)}`, stop }
  },
}
