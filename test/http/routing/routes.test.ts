import { describe, expect, it } from 'vitest'
import { Routes } from '../../../src/http/routing/routes.js'
import { facadeOf } from '../sample-facade.js'

function routesOf(...templates: readonly string[]): Routes {
  const paths = Object.fromEntries(
    templates.map((template) => {
      const [method = '', path = ''] = template.split(' ')
      return [path, { [method]: { operationId: template } }]
    }),
  )
  return new Routes(facadeOf({ paths }).operations.values())
}

function find(routes: Routes, method: string, path: string): unknown {
  const route = routes.find(path)
  const operation = route?.operation(method)
  return operation && route && [operation.operationId, route.parameters(operation)]
}

describe('Routes', () => {
  const routes = routesOf(
    'get /',
    'get /a',
    'get /a/{x}',
    'get /a/b/c',
    'get /a/{x}/d',
    'get /{p}/b',
    'get /files/{name}',
    'get /files/{name}.pdf',
    'get /files/{name}.tar.gz',
    'get /ranges/{from}..{to}',
    'get /caf%C3%A9/{x}',
    'get /deep/{a}/{b}/{c}',
    'get /odd/{__proto__}',
  )

  it.each([
    ['/', 'get /', {}],
    ['/a', 'get /a', {}],
    ['/a/b', 'get /a/{x}', { x: 'b' }],
    ['/a/b/c', 'get /a/b/c', {}],
    ['/a/b/d', 'get /a/{x}/d', { x: 'b' }],
    ['/z/b', 'get /{p}/b', { p: 'z' }],
    ['/files/b', 'get /files/{name}', { name: 'b' }],
    ['/files/.pdf', 'get /files/{name}', { name: '.pdf' }],
    ['/files/x.pdf', 'get /files/{name}.pdf', { name: 'x' }],
    ['/files/x.pdf.pdf', 'get /files/{name}.pdf', { name: 'x.pdf' }],
    ['/files/x.tar.gz', 'get /files/{name}.tar.gz', { name: 'x' }],
    ['/odd/x', 'get /odd/{__proto__}', JSON.parse('{"__proto__":"x"}')],
    ['/ranges/1..9', 'get /ranges/{from}..{to}', { from: '1', to: '9' }],
    ['/ranges/1...9', 'get /ranges/{from}..{to}', { from: '1', to: '.9' }],
    ['/caf%c3%a9/%2F%25', 'get /caf%C3%A9/{x}', { x: '/%' }],
    ['/deep/1/2/3', 'get /deep/{a}/{b}/{c}', { a: '1', b: '2', c: '3' }],
    ['/deep/+/%2B/ ', 'get /deep/{a}/{b}/{c}', { a: '+', b: '+', c: ' ' }],
  ])('%s is %s', (path, operationId, parameters) => {
    expect(find(routes, 'GET', path)).toEqual([operationId, parameters])
  })

  it.each([
    [''],
    ['a'],
    ['/a/'],
    ['//'],
    ['/a//d'],
    ['/files/'],
    ['/ranges/1..'],
    ['/ranges/..'],
    ['/deep/1/2'],
    ['/deep/1/2/3/4'],
    ['/deep//2/3'],
    ['/A'],
    ['/'.repeat(100_000)],
  ])('%# is nothing', (path) => {
    expect(routes.find(path)).toBeUndefined()
  })

  it('takes parameters of the same place under several names', () => {
    const mixed = routesOf('get /a/{x}', 'delete /a/{y}')
    expect(find(mixed, 'GET', '/a/1')).toEqual(['get /a/{x}', { x: '1' }])
    expect(find(mixed, 'DELETE', '/a/1')).toEqual(['delete /a/{y}', { y: '1' }])
    expect(mixed.find('/a/1')?.allow).toBe('GET, DELETE, HEAD, OPTIONS')
  })

  it('answers HEAD by GET, unless the contract has a HEAD', () => {
    expect(find(routesOf('get /a'), 'HEAD', '/a')).toEqual(['get /a', {}])
    expect(find(routesOf('head /a'), 'HEAD', '/a')).toEqual(['head /a', {}])
    expect(find(routesOf('post /a'), 'HEAD', '/a')).toBeUndefined()
  })

  it('visits no more of a large contract than of a small one', () => {
    const many = routesOf(...Array.from({ length: 5_000 }, (_, index) => `get /r${index}/{id}/items/{item}`))
    expect(find(many, 'GET', '/r4999/1/items/2')).toEqual([
      'get /r4999/{id}/items/{item}',
      { id: '1', item: '2' },
    ])
  })
})
