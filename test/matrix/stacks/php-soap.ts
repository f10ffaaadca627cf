import { fileURLToPath } from 'node:url'
import { cellName } from '../contract.js'
import { freePort, type Stack, startProcess, versionOf } from '../stack.js'

/** PHP's own extension: https://www.php.net/soap. */
export const phpSoap: Stack = {
  name: "PHP's SoapServer",
  found: versionOf(
    'php',
    ['-r', 'echo class_exists("SoapServer") ? "PHP " . PHP_VERSION : "";'],
    /PHP ([\d.]+)/,
  ),
  speaks: () => true,
  missing: {
    when: () => ({ code: 'NOT_FOUND' }),
    values: { why: 'text' },
    fault: { why: 'no order 77' },
  },
  async start(folder) {
    const port = await freePort()
    const script = fileURLToPath(new URL('php-soap.php', import.meta.url))
    const { stop } = await startProcess('php', ['-S', `127.0.0.1:${port}`, script], /started/, {
      env: { ...process.env, MATRIX_FOLDER: folder },
    })
    return { endpoint: (cell) => `http://127.0.0.1:${port}/${cellName(cell)}`, stop }
  },
}
