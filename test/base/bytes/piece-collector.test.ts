import { describe, expect, it } from 'vitest'
import { PieceCollector } from '../../../src/base/bytes/piece-collector.js'
import { bytesOf, chunksOf, Segments } from '../../../src/base/bytes/source.js'

const chunk = (length: number, from = 0): Buffer =>
  Buffer.from(Uint8Array.from({ length }, (_, at) => (from + at * 7) % 251))

function collected(chunks: readonly Uint8Array[]) {
  const collector = new PieceCollector()
  for (const each of chunks) collector.add(each)
  expect(collector.byteLength).toBe(Buffer.concat(chunks).byteLength)
  const content = collector.take()
  expect(collector.byteLength).toBe(0)
  return { content, pieces: [...chunksOf(content)] }
}

describe('chunks of a body', () => {
  it.each([
    ['none', []],
    ['one', [20_000]],
    ['one small', [20]],
    ['large', [65_536, 16_384, 70_000]],
    ['small', Array.from({ length: 300 }, (_, at) => at)],
    ['small between large', [65_536, 1, 20_000, 2, 3, 16_383, 40_000, 5]],
    ['empty', [0, 20_000, 0, 1, 0]],
  ])('come out as they went in: %s', (_, lengths) => {
    const chunks = lengths.map(chunk)
    const { content, pieces } = collected(chunks)
    expect(Buffer.concat(pieces).equals(Buffer.concat(chunks))).toBe(true)
    expect(bytesOf(content).equals(Buffer.concat(chunks))).toBe(true)
    expect(new Segments(['<', content, '>']).byteLength).toBe(Buffer.concat(chunks).byteLength + 2)
  })

  it('are not copied where they are large', () => {
    const chunks = [Buffer.alloc(65_536), Buffer.alloc(20_000)]
    expect(collected(chunks).pieces.map(({ buffer }) => buffer)).toEqual(chunks.map(({ buffer }) => buffer))
  })

  it('are copied where they are views of much more', () => {
    const pool = Buffer.alloc(1_000_000)
    const { pieces } = collected([pool.subarray(0, 20_000), pool.subarray(20_000, 40_000)])
    expect(pieces.map(({ buffer }) => buffer)).not.toContain(pool.buffer)
  })

  it('take no more than twice their length where they are octets one by one', () => {
    const { pieces } = collected(Array.from({ length: 200_000 }, (_, at) => chunk(1, at)))
    const memory = new Set(pieces.map(({ buffer }) => buffer))
    const room = [...memory].reduce((sum, { byteLength }) => sum + byteLength, 0)
    expect(room).toBeLessThan(400_000)
    expect(pieces.length).toBeLessThan(32)
  })

  it('are collected again after they were taken', () => {
    const collector = new PieceCollector()
    collector.add(chunk(3))
    const first = collector.take()
    collector.add(chunk(3, 100))
    expect([bytesOf(first), bytesOf(collector.take())]).toEqual([chunk(3), chunk(3, 100)])
  })
})
