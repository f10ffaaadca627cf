import { createRequire } from 'node:module'
import type * as Yaml from 'yaml'

const require = createRequire(import.meta.url)

/**
 * The parser that keeps positions, and the writer: loaded when somebody first asks where something is written, or for a
 * document as YAML. A contract without findings starts without it.
 */
export function yamlLibrary(): typeof Yaml {
  return require('yaml') as typeof Yaml
}
