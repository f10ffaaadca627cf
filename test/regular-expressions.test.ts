import { ESLint } from 'eslint'
import regexp from 'eslint-plugin-regexp'
import tseslint from 'typescript-eslint'
import { describe, expect, test } from 'vitest'

/**
 * Every regular expression of src is judged by its structure: whether a text exists on which it, or the search for its
 * beginning, takes more than linear time. Sticky ones do not search.
 */
const judge = new ESLint({
  overrideConfigFile: true,
  allowInlineConfig: false,
  overrideConfig: [
    {
      files: ['**/*.ts'],
      languageOptions: { parser: tseslint.parser },
      plugins: { regexp },
      rules: {
        'regexp/no-super-linear-move': ['error', { report: 'potential', ignorePartial: false }],
        'regexp/no-super-linear-backtracking': ['error', { report: 'potential' }],
      },
    },
  ],
})

const findings = (results: readonly ESLint.LintResult[]): string[] =>
  results.flatMap(({ filePath, messages }) =>
    messages.map(({ line, ruleId, message }) => `${filePath}:${line} ${String(ruleId)} ${message}`),
  )

describe('regular expressions', () => {
  test('of src take linear time', { timeout: 60_000 }, async () => {
    expect(findings(await judge.lintFiles(['src/**/*.ts']))).toEqual([])
  })

  test.each([
    String.raw`text.replace(/0+$/, '')`,
    String.raw`text.replace(/[ \t]+(?=\r?\n|$)/g, '')`,
    String.raw`text.match(/\{([^}]+)\}/g)`,
    String.raw`/^(a+)+$/.test(text)`,
    String.raw`/^\s*(\S*\s*)*;/.test(text)`,
    String.raw`new RegExp('x*x*y').test(text)`,
  ])('%s would be found', async (code) => {
    expect(findings(await judge.lintText(code, { filePath: 'src/any.ts' }))).not.toEqual([])
  })
})
