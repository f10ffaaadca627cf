import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { Diagnostics } from '../../../src/base/diagnostic/diagnostic.js'
import { ApiKeyRing, createApiKey, parseApiKeys } from '../../../src/http/authentication/api-key.js'

const HASH = `sha256:${createHash('sha256').update('x').digest('base64url')}`

describe('a new key', () => {
  it('is found by its line, and is not in it', () => {
    const { key, line } = createApiKey('partner')
    const ring = new ApiKeyRing(parseApiKeys(line, 'test', new Diagnostics()))
    expect(key).toMatch(/^ssk_[A-Za-z0-9_-]{43}$/)
    expect(line).not.toContain(key)
    expect(ring.find(key, Date.now())?.client).toBe('partner')
    expect(ring.find(`${key}x`, Date.now())).toBeUndefined()
    expect(ring.find(key.slice(0, -1), Date.now())).toBeUndefined()
    expect(ring.find('', Date.now())).toBeUndefined()
  })

  it('is another one each time', () => {
    expect(new Set(Array.from({ length: 100 }, () => createApiKey('a').key)).size).toBe(100)
  })
})

describe('the file of keys', () => {
  it('has several keys of a client, which overlap while one replaces the other', () => {
    const [old, next] = [createApiKey('partner', ['expires=2030-01-01']), createApiKey('partner')]
    const text = `# rotated in December\n\n${old.line}\r\n${next.line};other ${HASH}`
    const ring = new ApiKeyRing(parseApiKeys(text, 'test', new Diagnostics()))
    expect(ring.size).toBe(3)
    expect(ring.find(old.key, Date.parse('2029-12-31T23:59:59Z'))?.client).toBe('partner')
    expect(ring.find(old.key, Date.parse('2030-01-01T00:00:00Z'))).toBeUndefined()
    expect(ring.find(next.key, Date.parse('2030-01-01T00:00:00Z'))?.client).toBe('partner')
  })

  it('says what a key may do', () => {
    const line = `a ${HASH} expires=2030-01-01T12:00:00Z roles=x,y operations=getAccount rate=100/60 concurrent=5`
    expect(parseApiKeys(line, 'test', new Diagnostics())).toMatchObject([
      {
        client: 'a',
        expires: Date.parse('2030-01-01T12:00:00Z'),
        roles: new Set(['x', 'y']),
        operations: new Set(['getAccount']),
        limits: { requests: 100, window: 60, concurrent: 5 },
      },
    ])
  })

  it.each([
    ['a b c', 'the second word must be sha256:'],
    ['a', 'the second word must be sha256:'],
    ['a sha256:SECRET', 'the second word must be sha256:'],
    [`<a> ${HASH}`, 'the client must be'],
    [`a ${HASH} expires=tomorrow`, 'expires must be'],
    [`a ${HASH} expires=2030-13-01`, 'expires must be'],
    [`a ${HASH} roles=`, 'roles must be'],
    [`a ${HASH} roles=a,,b`, 'roles must be'],
    [`a ${HASH} operations=`, 'operations must be'],
    [`a ${HASH} rate=0/60`, 'rate must be'],
    [`a ${HASH} rate=1`, 'rate must be'],
    [`a ${HASH} concurrent=0`, 'concurrent must be'],
    [`a ${HASH} expire=2030-01-01`, 'an option is none of'],
    [`a ${HASH} SECRET`, 'an option is none of'],
  ])('is refused with %s', (line, message) => {
    const diagnostics = new Diagnostics()
    expect(parseApiKeys(`# comment\n${line}`, 'API_KEYS_FILE', diagnostics)).toEqual([])
    expect(diagnostics.list).toHaveLength(1)
    expect(diagnostics.list[0]?.message).toMatch(/^API_KEYS_FILE, line 2: /)
    expect(diagnostics.list[0]?.message).toContain(message)
    expect(diagnostics.list[0]?.message).not.toContain('SECRET')
  })
})
