import type * as Yaml from 'yaml'
import { onDemand } from '../../base/on-demand.js'

/**
 * The parser that keeps positions, and the writer: loaded when somebody first asks where something is written, or for a
 * document as YAML. A contract without findings starts without it.
 */
export const yamlLibrary = onDemand((require) => require('yaml') as typeof Yaml)
