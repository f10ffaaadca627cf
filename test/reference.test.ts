import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'
import { afterAll, describe, expect, it } from 'vitest'

const root = fileURLToPath(new URL('../', import.meta.url))
const typedoc = join(dirname(createRequire(import.meta.url).resolve('typedoc/package.json')), 'bin/typedoc')
const made = mkdtempSync(join(tmpdir(), 'soapstone-reference-'))

afterAll(() => {
  rmSync(made, { recursive: true, force: true })
})

function pages(folder: string): Record<string, string> {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.md'),
  )
  return Object.fromEntries(files.sort().map((file) => [file, readFileSync(join(folder, file), 'utf8')]))
}

it('docs/reference is what the docstrings say; if not, run: npm run reference', { timeout: 240_000 }, () => {
  execFileSync(process.execPath, [typedoc, '--out', made, '--logLevel', 'Error'], { cwd: root })
  const expected = pages(made)
  expect(Object.keys(expected).length).toBeGreaterThan(20)
  expect(pages(join(root, 'docs/reference'))).toEqual(expected)
})

/** What the examples may take as given: they are parts of programs. */
const GIVEN = `import express from 'express'
import * as soapstone from '../src/index.js'
type Adapter = soapstone.MountableAdapter
declare const { app, adapter, operation, request }: {
  app: express.Express
  adapter: Adapter
  operation: soapstone.RestOperation
  request: soapstone.RestRequest
}
`

function exportsOfIndex(): readonly { name: string; examples: readonly string[]; isType: boolean }[] {
  const index = join(root, 'src/index.ts')
  const program = ts.createProgram([index], compilerOptions())
  const checker = program.getTypeChecker()
  const file = program.getSourceFile(index)
  const module = file && checker.getSymbolAtLocation(file)
  if (!module) throw new Error('src/index.ts is not a module')
  return checker.getExportsOfModule(module).map((symbol) => {
    const target = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol
    const tags = target.getJsDocTags(checker).filter(({ name }) => name === 'example')
    return {
      name: symbol.name,
      examples: tags.map(({ text }) => ts.displayPartsToString(text).replace(/^```ts\n|\n```$/g, '')),
      isType: (target.flags & ts.SymbolFlags.Value) === 0,
    }
  })
}

function compilerOptions(): ts.CompilerOptions {
  const { config } = ts.readConfigFile(join(root, 'tsconfig.json'), (path) => readFileSync(path, 'utf8')) as {
    config: object
  }
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, root)
  return { ...options, noEmit: true, noUnusedLocals: false, verbatimModuleSyntax: false }
}

describe('examples of the docstrings', () => {
  const all = exportsOfIndex()

  it('stand at every export', () => {
    expect(all.length).toBeGreaterThan(30)
    expect(all.filter(({ examples }) => examples.length === 0).map(({ name }) => name)).toEqual([])
  })

  it('are valid TypeScript under the strict settings of this project', { timeout: 120_000 }, () => {
    const names = all.map(({ name, isType }) => (isType ? `type ${name}` : name)).join(', ')
    const texts = new Map(
      all.flatMap(({ name, examples }) =>
        examples.map((example, index): [string, string] => [
          join(root, `test/example-${name}-${index}.ts`),
          `${GIVEN}import { ${names} } from '../src/index.js'\nexport async function example() {\n${example}\n}\n`,
        ]),
      ),
    )
    const host = ts.createCompilerHost(compilerOptions())
    const { sys } = ts
    host.fileExists = (path) => texts.has(path) || sys.fileExists(path)
    host.readFile = (path) => texts.get(path) ?? sys.readFile(path)
    host.getSourceFile = (path, version) => {
      const text = host.readFile(path)
      return text === undefined ? undefined : ts.createSourceFile(path, text, version)
    }
    const program = ts.createProgram([...texts.keys()], compilerOptions(), host)
    const wrong = [...texts.keys()].flatMap((path) => {
      const file = program.getSourceFile(path)
      return [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)].map(
        ({ messageText }) =>
          `${path.slice(root.length)}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`,
      )
    })
    expect(wrong).toEqual([])
  })
})
