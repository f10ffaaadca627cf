import { describe, expect, test } from 'vitest'
import { ByteStream } from '../../../src/base/bytes/stream.js'

function streamWithLog(): { stream: ByteStream; log: string[] } {
  const log: string[] = []
  const note = (what: string) => () => {
    log.push(what)
  }
  return {
    stream: new ByteStream({ pause: note('pause'), resume: note('resume'), cancel: note('cancel') }),
    log,
  }
}

describe('a stream of bytes', () => {
  test('gives what is pushed in order, and ends', async () => {
    const { stream, log } = streamWithLog()
    stream.push(Buffer.from('a'))
    stream.push(Buffer.from('b'))
    setImmediate(() => {
      stream.push(Buffer.from('c'))
      stream.end()
    })
    const read: string[] = []
    for await (const chunk of stream) read.push(Buffer.from(chunk).toString())
    expect(read).toEqual(['a', 'b', 'c'])
    stream.close()
    expect(await stream.over).toBeUndefined()
    expect(log).toEqual([])
  })

  test('tells its sender to pause when many small pieces wait', () => {
    const { stream, log } = streamWithLog()
    for (let piece = 0; piece < 2_000 && !stream.isPaused; piece++) stream.push(Buffer.from('x'))
    expect(log).toEqual(['pause'])
  })

  test('tells its sender to pause while its reader is behind', async () => {
    const { stream, log } = streamWithLog()
    stream.push(Buffer.alloc(200_000))
    expect(log).toEqual([])
    stream.push(Buffer.alloc(200_000))
    expect(log).toEqual(['pause'])
    expect(stream.isPaused).toBe(true)
    const chunks = stream[Symbol.asyncIterator]()
    await chunks.next()
    await chunks.next()
    expect(log).toEqual(['pause'])
    const third = chunks.next()
    await Promise.resolve()
    expect(log).toEqual(['pause', 'resume'])
    stream.push(Buffer.from('x'))
    expect((await third).value).toEqual(Buffer.from('x'))
  })

  test('gives what came before an error, then the error', async () => {
    const { stream } = streamWithLog()
    const broken = new Error('broken')
    stream.push(Buffer.from('a'))
    stream.end(broken)
    const chunks = stream[Symbol.asyncIterator]()
    expect((await chunks.next()).value).toEqual(Buffer.from('a'))
    await expect(chunks.next()).rejects.toBe(broken)
    expect(stream.broke).toBe(broken)
  })

  test('is over when its reader is done, not before, with what the reader found', async () => {
    const { stream } = streamWithLog()
    const wrong = new Error('wrong')
    let isOver = false
    void stream.over.then(() => (isOver = true))
    stream.push(Buffer.from('a'))
    stream.end()
    for await (const chunk of stream) expect(chunk).toEqual(Buffer.from('a'))
    await new Promise((resolve) => setImmediate(resolve))
    expect(isOver).toBe(false)
    stream.close(wrong)
    stream.close()
    expect(await stream.over).toBe(wrong)
  })

  test('is cancelled by a reader that stops, once, and takes nothing after that', async () => {
    const { stream, log } = streamWithLog()
    stream.push(Buffer.from('a'))
    await stream[Symbol.asyncIterator]().next()
    stream.close()
    stream.close()
    stream.push(Buffer.from('b'))
    expect(log).toEqual(['cancel'])
    expect(await stream.over).toBeUndefined()
  })

  test('lets a reader go that waits when it is closed', async () => {
    const { stream } = streamWithLog()
    const next = stream[Symbol.asyncIterator]().next()
    stream.close()
    expect((await next).done).toBe(true)
  })

  test('is not cancelled where it has ended', async () => {
    const { stream, log } = streamWithLog()
    stream.end()
    expect((await stream[Symbol.asyncIterator]().next()).done).toBe(true)
    stream.close()
    expect(log).toEqual([])
  })
})
