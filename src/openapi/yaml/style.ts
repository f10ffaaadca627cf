import type { CreateNodeOptions, DocumentOptions, ScalarTag, SchemaOptions, ToStringOptions } from 'yaml'
import { yamlLibrary } from './library.js'

/** Characters that YAML 1.1 takes for line breaks, or that its readers refuse: tabs in plain texts too. */
const UNSAFE = /[\t\x7F-\x9F\u2028\u2029\uFEFF\uFFFE\uFFFF]/

/** What YAML 1.1 has beside the types of its schema: `=` is a value, `<<` merges. */
const SPECIAL = /^(?:=|<<)$/

const escapedText: ScalarTag = {
  identify: (value) => typeof value === 'string' && (UNSAFE.test(value) || SPECIAL.test(value)),
  default: true,
  tag: 'tag:yaml.org,2002:str',
  resolve: (text) => text,
  stringify: ({ value }) =>
    JSON.stringify(value).replace(new RegExp(UNSAFE, 'g'), (character) => {
      return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
    }),
}

/** Readers of YAML 1.1 take `1e-7` for a text: they want a point. */
const pointedNumber: ScalarTag = {
  identify: (value) => typeof value === 'number' && /^-?\de/.test(String(value)),
  default: true,
  tag: 'tag:yaml.org,2002:float',
  // Tags with a test go before those without; nothing is read with this one.
  test: /(?!)/,
  resolve: (text) => text,
  stringify: ({ value }) => String(value).replace('e', '.0e'),
}

/**
 * How documents are read and written so that every reader reads them alike: what is a text is quoted where YAML 1.1 or
 * 1.2 would take it for a number, a date or a truth value (`NO`, `1:30`, `1_000`, `2026-01-15`).
 */
export const portableYaml: DocumentOptions & SchemaOptions = {
  compat: 'yaml-1.1',
  customTags: (tags) => [escapedText, pointedNumber, ...tags],
}

const style: ToStringOptions & CreateNodeOptions = { lineWidth: 120, aliasDuplicateObjects: false }

/** The YAML text of a document. */
export function yamlText(document: unknown): string {
  return yamlLibrary().stringify(document, { ...portableYaml, ...style })
}
