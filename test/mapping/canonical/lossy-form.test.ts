import { describe, expect, test } from 'vitest'
import { scalar } from '../../../src/mapping/canonical/scalar.js'
import type { SimpleType } from '../../../src/xsd/model/model.js'
import { loadSchemas, schema } from '../../xsd/load-schemas.js'

function typeOf(content: string): SimpleType {
  const { schemas } = loadSchemas({
    'a.xsd': schema(`<xs:simpleType name="T">${content}</xs:simpleType>
      <xs:simpleType name="Ints"><xs:list itemType="xs:int"/></xs:simpleType>
      <xs:simpleType name="Flags"><xs:list itemType="xs:boolean"/></xs:simpleType>`),
  })
  const type = schemas.types.get('{urn:t}T')
  if (type?.kind !== 'simpleType') throw new Error('no type')
  return type
}

function restriction(base: string, ...facets: string[]): string {
  const all = facets.map((facet) => {
    const [name = '', ...value] = facet.split('=')
    return `<xs:${name} value="${value.join('=')}"/>`
  })
  return `<xs:restriction base="${base}">${all.join('')}</xs:restriction>`
}

describe('the form of a value whose form may matter', () => {
  test.each([
    ['xs:int', ['pattern=[0-9]{4}'], 'string'],
    ['xs:int', ['pattern=0[1-9][0-9]{8}'], 'string'],
    ['xs:int', ['pattern=(0[1-9]|1[0-2])'], 'string'],
    ['xs:integer', ['pattern=\\+[0-9]+'], 'string'],
    ['xs:integer', ['pattern=-?0*[1-9][0-9]*'], 'number'],
    ['xs:int', ['pattern=[0-9]+'], 'number'],
    ['xs:int', ['pattern=[1-9][0-9]{3}'], 'number'],
    ['xs:int', ['minInclusive=1000', 'pattern=[0-9]{4}'], 'number'],
    ['xs:int', ['minInclusive=1', 'pattern=[0-9]{4}'], 'string'],
    ['xs:long', ['pattern=[0-9]{1,18}'], 'number'],
    ['xs:long', ['pattern=[0-9]{18}'], 'string'],
    ['xs:int', ['enumeration=01', 'enumeration=02'], 'string'],
    ['xs:int', ['enumeration=1', 'enumeration=2'], 'number'],
    ['xs:double', ['enumeration=1.5', 'enumeration=2'], 'number'],
    ['xs:double', ['enumeration=1.50'], 'string'],
    ['xs:double', ['pattern=[0-9]+\\.[0-9]{2}'], 'string'],
    ['xs:boolean', ['pattern=0|1'], 'boolean'],
    ['t:Ints', ['pattern=[0-9]{2} [0-9]{2}'], 'string'],
    ['t:Ints', ['pattern=[0-9] [0-9]'], 'list'],
    ['t:Ints', ['enumeration=1 2'], 'list'],
    ['t:Ints', ['enumeration=01 2'], 'string'],
    ['t:Flags', ['pattern=[01] [01]'], 'string'],
    ['t:Flags', ['pattern=(true|false)( (true|false))*'], 'list'],
  ])('%s with %j is a %s', (base, facets, form) => {
    expect(scalar(typeOf(restriction(base, ...facets))).form).toBe(form)
  })
})
