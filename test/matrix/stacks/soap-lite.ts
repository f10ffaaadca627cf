import { fileURLToPath } from 'node:url'
import { cellName } from '../contract.js'
import { type Stack, startProcess, versionOf } from '../stack.js'

/** SOAP::Lite in Perl, as Debian packages it (libsoap-lite-perl). */
export const soapLite: Stack = {
  name: 'SOAP::Lite',
  found: versionOf(
    'perl',
    [
      '-MSOAP::Lite',
      '-MSOAP::Transport::HTTP',
      '-MHTTP::Daemon',
      '-e',
      'print "SOAP::Lite $SOAP::Lite::VERSION"',
    ],
    /SOAP::Lite ([\d.]+)/,
  ),
  // In messages of SOAP 1.2 it reads no arrays, and writes the faults of SOAP 1.1.
  speaks: ({ style, soap }) => style === 'rpc encoded' && soap === '1.1',
  missing: { when: () => ({ code: 'Client.NotFound' }), values: { id: '*/id' }, fault: { id: 77 } },
  peculiarities: { answersAnyPath: true },
  async start() {
    const script = fileURLToPath(new URL('soap-lite.pl', import.meta.url))
    const { said, stop } = await startProcess('perl', [script], /ready on (\d+)/)
    return { endpoint: (cell) => `http://127.0.0.1:${said[1] ?? ''}/${cellName(cell)}`, stop }
  },
}
