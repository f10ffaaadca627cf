import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

/**
 * What leaves no trace in its process: these share modules, so that each file need not load them again, which takes half of
 * the time of most. Others have timers, environments or modules of their own, or read messages whose names must be unknown.
 */
const together = [
  'alternatives',
  'annotation',
  'backend',
  'base',
  'codec',
  'config',
  'conformance',
  'events',
  'graphql',
  'http/{answer,authentication,cache,description,idempotency,request,routing,validation}',
  'json',
  'mapping',
  'openapi',
  'pattern',
  'soap',
  'store',
  'tools',
  'ws-security',
  'wsdl',
  'xsd',
].map((folder) => `test/${folder}/**/*.test.ts`)

/** Files that take longest, which must not be what one worker is left with at the end. */
const longest = [
  'cli/commands/large-wsdls',
  'package',
  'cli/commands/import',
  'end-to-end/clients',
  'openapi/published-order',
  'openapi/three-zero/documents',
  'documented-commands',
  'end-to-end/examples',
  'end-to-end/long-answers',
  'tools/import/messages/examples',
].map((name) => `/test/${name}.test.ts`)

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification): number => {
      const index = longest.findIndex((name) => moduleId.endsWith(name))
      return index === -1 ? longest.length : index
    }
    return (await super.sort(files)).sort((a, b) => rank(a) - rank(b))
  }
}

export default defineConfig({
  // As Node finds it: Vite would take the ES module beside it, and graphql refuses to be there twice.
  resolve: { alias: [{ find: /^graphql$/, replacement: fileURLToPath(import.meta.resolve('graphql')) }] },
  test: {
    testTimeout: 30_000,
    hookTimeout: 60_000,
    globalSetup: ['test/scratch.ts'],
    maxWorkers: 2,
    sequence: { sequencer: LongestFirst },
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
