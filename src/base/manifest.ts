import { readFileSync } from 'node:fs'

/** The version of this package; empty where its package.json cannot be read. */
export function packageVersion(): string {
  try {
    const manifest: unknown = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'))
    const isManifest = typeof manifest === 'object' && manifest !== null && 'version' in manifest
    return isManifest ? String(manifest.version) : ''
  } catch {
    return ''
  }
}
