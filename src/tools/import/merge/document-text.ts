import {
  type Document,
  isCollection,
  isMap,
  isScalar,
  isSeq,
  Pair,
  parseDocument,
  type ToStringOptions,
  type YAMLMap,
} from 'yaml'
import { isObject, type OpenApiObject } from '../../../openapi/document.js'
import { portableYaml } from '../../../openapi/yaml/style.js'
import { applyEdits, type Edit, type Path } from './edit.js'
import { patched } from './patch.js'
import { equal } from './three-way.js'

/** A document as a person has written it, YAML or JSON: edits leave comments and order as they are. */
export class DocumentText {
  readonly root: OpenApiObject
  readonly #document: Document

  /** @throws Error that says where the text is not what it should be */
  constructor(readonly text: string) {
    this.#document = parseDocument(text, portableYaml)
    const [broken] = this.#document.errors
    if (broken) throw new Error(broken.message)
    const root: unknown = this.#document.toJS()
    if (!isObject(root)) throw new Error('It is not an OpenAPI document: there is no object at its top.')
    this.root = root
  }

  /** The text with edits; without any it is the same to the byte. */
  edited(edits: readonly Edit[]): string {
    if (edits.length === 0) return this.text
    if (this.text.trimStart().startsWith('{')) return this.#asJson(edits)
    const options = this.#manners()
    const before = this.#document.toString(options)
    for (const edit of edits) editNode(this.#document, edit)
    const after = this.#document.toString(options)
    const text = patched(before, after, this.text)
    return text !== undefined && saysTheSame(text, after) ? text : after
  }

  #asJson(edits: readonly Edit[]): string {
    const root = structuredClone(this.root)
    applyEdits(root, edits)
    const [, indent = '  '] = /^\{\r?\n([ \t]+)"/.exec(this.text.trimStart()) ?? []
    return `${JSON.stringify(root, undefined, indent)}\n`
  }

  /** How the person breaks and indents lines, nearly. */
  #manners(): ToStringOptions {
    const { text } = this
    const ours: ToStringOptions = { lineWidth: 120 }
    if (this.#document.toString(ours) === text) return ours
    const count = (pattern: RegExp): number => text.match(pattern)?.length ?? 0
    return {
      lineWidth: 0,
      indent: /^\S.*:(?: *#.*)?\r?\n( +)[^\s#]/m.exec(text)?.[1]?.length ?? 2,
      indentSeq: !/^( *)[^\s#-].*:(?: *#.*)?\r?\n\1- /m.test(text),
      flowCollectionPadding: /[[{] +\S/.test(text),
      singleQuote: count(/'/g) > count(/"/g),
    }
  }
}

function saysTheSame(text: string, other: string): boolean {
  const document = parseDocument(text)
  return document.errors.length === 0 && equal(document.toJS(), parseDocument(other).toJS())
}

function editNode(document: Document, edit: Edit): void {
  if (edit.kind === 'append' || edit.kind === 'drop') {
    const items = edit.path.reduce(child, document.contents)
    if (!isSeq(items)) return
    if (edit.kind === 'append') items.items.push(document.createNode(edit.value, plainNodes))
    else
      items.items.splice(
        items.items.findIndex((item) => edit.isWanted(valueOf(item, document))),
        1,
      )
    return
  }
  const last = edit.path.at(-1)
  const parent = parentOf(document, edit.path.slice(0, -1), { isMade: edit.kind === 'set' })
  if (last === undefined) return
  if (isSeq(parent)) {
    parent.set(Number(last), document.createNode('value' in edit ? edit.value : null, plainNodes))
  } else if (isMap(parent)) {
    const pair = pairOf(parent, String(last))
    if (edit.kind === 'remove') parent.items = parent.items.filter((item) => item !== pair)
    else if (pair) pair.value = document.createNode(edit.value, plainNodes)
    else parent.items.push(document.createPair(String(last), edit.value, plainNodes))
  }
}

const plainNodes = { aliasDuplicateObjects: false }

function parentOf(document: Document, path: Path, { isMade }: { readonly isMade: boolean }): unknown {
  let node: unknown = document.contents
  for (const step of path) {
    let next = child(node, step)
    if (next === undefined && isMade && isMap(node)) {
      next = document.createNode({}, plainNodes)
      node.items.push(new Pair(document.createNode(String(step)), next))
    }
    node = next
  }
  return node
}

function child(node: unknown, step: string | number): unknown {
  if (isSeq(node)) return node.items[Number(step)]
  return isMap(node) ? pairOf(node, String(step))?.value : undefined
}

/** A key is what it is written as: `200` and `'200'` are one. */
function pairOf(map: YAMLMap, name: string): Pair | undefined {
  return map.items.find(({ key }) => String(isScalar(key) ? key.value : key) === name)
}

function valueOf(node: unknown, document: Document): unknown {
  if (isScalar(node)) return node.value
  return isCollection(node) ? node.toJS(document) : node
}
