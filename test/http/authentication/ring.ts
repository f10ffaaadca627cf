import { Diagnostics } from '../../../src/base/diagnostic/diagnostic.js'
import { ApiKeyRing, parseApiKeys } from '../../../src/http/authentication/api-key.js'

export function createRing(...lines: readonly string[]): ApiKeyRing {
  return new ApiKeyRing(parseApiKeys(lines.join('\n'), 'test', new Diagnostics()))
}
