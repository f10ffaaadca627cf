import { readFileSync } from 'node:fs'
import { satisfies } from 'semver'
import { describe, expect, it } from 'vitest'

interface LockedPackage {
  /** Where it is not what its path says. */
  readonly name?: string
  readonly dev?: boolean
  readonly optional?: boolean
  readonly license?: string
  readonly hasInstallScript?: boolean
  readonly integrity?: string
  readonly link?: boolean
  readonly engines?: { readonly node?: string }
}

const lock = JSON.parse(readFileSync(new URL('../package-lock.json', import.meta.url), 'utf8')) as {
  readonly packages: Readonly<Record<string, LockedPackage>>
}
const page = readFileSync(new URL('../docs/security.md', import.meta.url), 'utf8')

/** What the container has: everything but what tests and builds need. */
const shipped = Object.entries(lock.packages).filter(([path, { dev }]) => path !== '' && !dev)
const nameOf = (path: string) => path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length)

/** Whose manifests write their licence in the old form, which the lock file does not take over. */
const OLD_FORM = new Map([
  ['busboy', 'MIT'],
  ['streamsearch', 'MIT'],
])

/** Licences that let a bank use and ship what is under them, and ask for no more than a notice. */
const ALLOWED = new Set([
  '0BSD',
  'Apache-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'BlueOak-1.0.0',
  'ISC',
  'MIT',
  'MIT-0',
  'Python-2.0',
  'Unlicense',
])

describe('packages that are shipped', () => {
  it('have a licence that is allowed', () => {
    const others = shipped.filter(
      ([path, { license }]) => !ALLOWED.has(license ?? OLD_FORM.get(nameOf(path)) ?? 'none'),
    )
    expect(others.map(([path, { license }]) => `${nameOf(path)}: ${String(license)}`)).toEqual([])
  })

  it('are pinned by what they hold', () => {
    expect(shipped.filter(([, { integrity, link }]) => integrity === undefined && !link)).toEqual([])
    expect(shipped.length).toBeGreaterThan(50)
  })

  it('run nothing when they are installed', () => {
    expect(shipped.filter(([, { hasInstallScript }]) => hasInstallScript).map(([path]) => path)).toEqual([])
  })

  it('count no installations', () => {
    const counters = shipped.filter(([path]) =>
      /(?:^|[@/])(?:scarf|telemetry|analytics)\b/.test(nameOf(path)),
    )
    expect(counters.map(([path]) => path)).toEqual([])
  })
})

describe('packages that are installed', () => {
  const ranges = Object.entries(lock.packages).map(([path, { engines }]) => ({
    path,
    node: engines?.node ?? '*',
  }))

  // The least that package.json asks for, and what the container has: npm has nothing to warn of.
  it.each(['20.19.0', '24.15.0'])('are for Node %s', (version) => {
    expect(ranges.filter(({ node }) => !satisfies(version, node))).toEqual([])
    expect(ranges.filter(({ node }) => !satisfies('0.1.0', node)).length).toBeGreaterThan(400)
  })
})

describe('docs/security.md', () => {
  it('names test files that there are', () => {
    const files = new Set([...page.matchAll(/`(test\/[\w./-]+\.ts)`/g)].map(([, path]) => String(path)))
    expect(files.size).toBeGreaterThan(15)
    for (const path of files)
      expect(() => readFileSync(new URL(`../${path}`, import.meta.url)), path).not.toThrow()
  })
})
