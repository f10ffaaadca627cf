import { expect, it } from 'vitest'
import type { IdentityConstraint, IdentityPath } from '../../../src/xsd/model/model.js'
import { elementNamed, soundSchema } from '../load-schemas.js'

const written = ({ isDeep, steps }: IdentityPath): string =>
  `${isDeep ? './/' : ''}${steps.map(({ isAttribute, namespace = '*', localName = '*' }) => `${isAttribute ? '@' : ''}{${namespace}}${localName}`).join('/')}`

const text = ({ kind, selector, fields }: IdentityConstraint): string =>
  `${kind} ${selector.map(written).join(' | ')}: ${fields.map((paths) => paths.map(written).join(' | ')).join(', ')}`

const constraint = (kind: string, selector: string, ...fields: readonly string[]): string =>
  `<xs:${kind} name="k" ${kind === 'keyref' ? 'refer="t:other"' : ''}><xs:selector xpath="${selector}"/>${fields.map((field) => `<xs:field xpath="${field}"/>`).join('')}</xs:${kind}>`

it.each([
  ['a key', constraint('key', 't:line', '@number'), ['key {urn:t}line: @{}number']],
  [
    'several fields',
    constraint('unique', 't:line', 't:a', 't:b/@c'),
    ['unique {urn:t}line: {urn:t}a, {urn:t}b/@{}c'],
  ],
  ['any depth, alternatives', constraint('key', './/t:a | t:b', '.'), ['key .//{urn:t}a | {urn:t}b: ']],
  ['wildcards', constraint('key', '*/t:*', '@*'), ['key {*}*/{urn:t}*: @{*}*']],
  ['axes by their names', constraint('key', 'child::t:a', 'attribute::b'), ['key {urn:t}a: @{}b']],
  ['a name without a prefix has no namespace', constraint('key', 'line', 'a'), ['key {}line: {}a']],
  ['a keyref asks for nothing', constraint('keyref', 't:line', '@number'), []],
  [
    'an XPath beyond the subset',
    constraint('key', 't:line[1]', '@a') + constraint('key', '@a/t:b', '@a'),
    [],
  ],
  ['a prefix that is not declared', constraint('key', 'x:line', '@a'), []],
  ['no field', constraint('key', 't:line'), []],
])('%s', (_, constraints, expected) => {
  const schemas = soundSchema(`<xs:element name="e"><xs:complexType/>${constraints}</xs:element>`)
  expect((elementNamed(schemas, 'e').identityConstraints ?? []).map(text)).toEqual(expected)
})
