import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

/** What leaves no trace in its process: these share modules, so that each file need not load them again. */
const together = ['annotation', 'base', 'json', 'mapping', 'openapi', 'pattern', 'tools', 'wsdl', 'xsd'].map(
  (folder) => `test/${folder}/**/*.test.ts`,
)

export default defineConfig({
  // As Node finds it: Vite would take the ES module beside it, and graphql refuses to be there twice.
  resolve: { alias: [{ find: /^graphql$/, replacement: fileURLToPath(import.meta.resolve('graphql')) }] },
  test: {
    testTimeout: 30_000,
    hookTimeout: 60_000,
    maxWorkers: 2,
    projects: [
      {
        extends: true,
        test: { name: 'alone', include: ['test/**/*.test.ts'], exclude: together },
      },
      {
        extends: true,
        test: { name: 'together', include: together, isolate: false },
      },
    ],
  },
})
