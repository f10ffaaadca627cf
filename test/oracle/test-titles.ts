import { readFileSync } from 'node:fs'
import ts from 'typescript'

/** A test, or as many as rows that are known when it runs only. */
export interface TestTitle {
  /** With those of the describes around it, and of its row. */
  readonly title: string
  /** Whether it is one test: its rows could be counted. */
  readonly counted: boolean
}

const GROUPS = new Set(['describe'])
const TESTS = new Set(['it', 'test'])

/** The tests of a file, read from its text. */
export function testTitles(path: string): readonly TestTitle[] {
  const source = ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.Latest, true)
  const titles: TestTitle[] = []
  const visit = (node: ts.Node, around: TestTitle): void => {
    const found = ts.isCallExpression(node) ? callOf(node, source) : undefined
    if (!found) {
      node.forEachChild((child) => {
        visit(child, around)
      })
      return
    }
    const { isGroup, rows, title } = found
    for (const one of rows ?? [title]) {
      const here = {
        title: around.title === '' ? one : `${around.title} › ${one}`,
        counted: around.counted && rows !== undefined,
      }
      if (!isGroup) titles.push(here)
      else
        found.call.arguments.slice(1).forEach((argument) => {
          visit(argument, here)
        })
    }
  }
  visit(source, { title: '', counted: true })
  return titles
}

interface TestCall {
  readonly call: ts.CallExpression
  readonly isGroup: boolean
  readonly title: string
  /** The title of each row; undefined where rows are not known. */
  readonly rows: readonly string[] | undefined
}

function callOf(call: ts.CallExpression, source: ts.SourceFile): TestCall | undefined {
  const [first] = call.arguments
  if (!first || !ts.isStringLiteralLike(first)) return undefined
  const { expression } = call
  const each = ts.isCallExpression(expression) ? expression : undefined
  const name = rootName(expression)
  if (name === undefined || !(GROUPS.has(name) || TESTS.has(name))) return undefined
  const isEach =
    each && ts.isPropertyAccessExpression(each.expression) && each.expression.name.text === 'each'
  const labels = isEach ? labelsOf(each.arguments[0], source) : ['']
  const title = first.text
  const rows = labels?.map((label) => (label === '' ? title : title.replace(/%s|\$name/, () => label)))
  return { call, isGroup: GROUPS.has(name), title, rows }
}

/** `it` of `it`, `it.each(rows)` and `it.skipIf(condition)`. */
function rootName(node: ts.Expression): string | undefined {
  if (ts.isIdentifier(node)) return node.text
  if (ts.isCallExpression(node) || ts.isPropertyAccessExpression(node)) return rootName(node.expression)
  return undefined
}

/** The first cell of each row where it is a text, else nothing. */
function labelsOf(node: ts.Expression | undefined, source: ts.SourceFile): readonly string[] | undefined {
  if (!node) return undefined
  if (ts.isAsExpression(node) || ts.isSatisfiesExpression(node) || ts.isParenthesizedExpression(node))
    return labelsOf(node.expression, source)
  if (ts.isIdentifier(node)) return labelsOf(constant(node.text, source), source)
  if (ts.isCallExpression(node) && ts.isPropertyAccessExpression(node.expression)) {
    if (!['map', 'entries'].includes(node.expression.name.text)) return undefined
    return labelsOf(node.expression.expression, source)?.map(() => '')
  }
  if (!ts.isArrayLiteralExpression(node)) return undefined
  const labels: string[] = []
  for (const element of node.elements) {
    if (ts.isSpreadElement(element)) {
      const spread = labelsOf(element.expression, source)
      if (!spread) return undefined
      labels.push(...spread)
    } else labels.push(textOf(ts.isArrayLiteralExpression(element) ? element.elements[0] : element))
  }
  return labels
}

/** A text, or the `name` of an object. */
function textOf(node: ts.Expression | undefined): string {
  if (!node) return ''
  if (!ts.isObjectLiteralExpression(node)) return ts.isStringLiteralLike(node) ? node.text : ''
  const member = node.properties.find(
    (one) => one.name !== undefined && ts.isIdentifier(one.name) && one.name.text === 'name',
  )
  return member && ts.isPropertyAssignment(member) ? textOf(member.initializer) : ''
}

function constant(name: string, source: ts.SourceFile): ts.Expression | undefined {
  let found: ts.Expression | undefined
  const visit = (node: ts.Node): void => {
    if (ts.isVariableDeclaration(node) && ts.isIdentifier(node.name) && node.name.text === name)
      found ??= node.initializer
    if (!found) node.forEachChild(visit)
  }
  visit(source)
  return found
}
