/**
 * Builds the package: `node build.mjs [DIRECTORY] [--unchecked]`.
 *
 * DIRECTORY is `dist` unless a test wants a build of its own; `--unchecked` leaves types and declarations out.
 */
import { spawnSync } from 'node:child_process'
import { chmodSync, cpSync, readFileSync, rmSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'
import { build } from 'rolldown'

const root = fileURLToPath(new URL('.', import.meta.url))

/** Files that users start or import. */
const ENTRIES = ['index', 'cli/main', 'cli/health-check']

const { values: options, positionals } = parseArgs({
  options: { unchecked: { type: 'boolean' } },
  allowPositionals: true,
})
const dist = resolve(root, positionals[0] ?? 'dist')
rmSync(dist, { recursive: true, force: true })
compile()
cpSync(join(root, 'src/inspector/assets'), join(dist, 'inspector/assets'), { recursive: true })
await bundle()
chmodSync(join(dist, 'cli/main.js'), 0o755)
const { precompileMetaSchema } = await import(pathToFileURL(join(dist, 'http/validation/precompile.js')).href)
precompileMetaSchema()

function compile() {
  const tsc = join(root, 'node_modules/typescript/bin/tsc')
  const unchecked = options.unchecked ? ['--noCheck', '--declaration', 'false'] : []
  const args = [tsc, '-p', join(root, 'tsconfig.build.json'), '--outDir', dist, ...unchecked]
  const { status } = spawnSync(process.execPath, args, { stdio: 'inherit' })
  if (status !== 0) process.exit(1)
}

/**
 * Joins the modules of each entry point into few files: Node takes longer to find and open a module than to compile it.
 * Packages stay where npm has put them, since they are updated and patched there.
 */
function bundle() {
  return build({
    input: Object.fromEntries(ENTRIES.map((entry) => [entry, join(dist, `${entry}.js`)])),
    platform: 'node',
    external: (id) => !id.startsWith('.') && !id.startsWith(dist),
    plugins: [writtenModules()],
    output: {
      dir: dist,
      entryFileNames: '[name].js',
      chunkFileNames: 'chunks/[name]-[hash].js',
      sourcemap: true,
    },
    logLevel: 'warn',
  })
}

/**
 * A module as tsc has written it, with the map to its source. It finds the files beside it, and packages, from the place
 * that it had by itself, wherever its code has gone.
 */
function writtenModules() {
  return {
    name: 'written-modules',
    load: (id) => ({
      code: readFileSync(id, 'utf8').replaceAll('import.meta.url', `"place of ${relative(dist, id)}"`),
      map: readFileSync(`${id}.map`, 'utf8'),
    }),
    renderChunk: (code, { fileName }) => ({
      code: code.replace(/"place of ([^" ]+)"/g, (_, module) => {
        const path = relative(dirname(fileName), module)
        return `new URL(${JSON.stringify(path)}, import.meta.url).href`
      }),
      // Lines stay as they are.
      map: null,
    }),
  }
}
