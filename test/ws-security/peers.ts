import { spawnSync, type SpawnSyncReturns } from 'node:child_process'
import { existsSync } from 'node:fs'

const runs = (program: string, ...args: string[]): boolean => spawnSync(program, args).status === 0

export const hasXmlsec = runs('xmlsec1', '--version')
export const hasJava = runs('java', '--version')
const jars = [
  'wss4j',
  'xmlsec',
  'commons-logging',
  'slf4j-api',
  'slf4j-nop',
  'commons-codec',
  'woodstox-core',
  'stax2-api',
]
  .map((jar) => `/usr/share/java/${jar}.jar`)
  .filter((jar) => existsSync(jar))
export const hasWss4j = hasJava && jars.some((jar) => jar.includes('wss4j'))
/** Class path of Apache WSS4J. */
export const wss4jPath = jars.join(':')

if (!hasXmlsec) console.log('skipped: xmlsec1 is not there to judge signatures and encryption')
if (!hasJava) console.log('skipped: java is not there to judge signatures')
if (!hasWss4j) console.log('skipped: libwss4j-java is not there to judge messages')

export function java(args: readonly string[]): SpawnSyncReturns<string> {
  return spawnSync('java', args, { encoding: 'utf8' })
}
