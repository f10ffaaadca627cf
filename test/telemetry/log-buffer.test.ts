import { describe, expect, it } from 'vitest'
import { LogBuffer } from '../../src/telemetry/log-buffer.js'
import { createLogger, type Logger } from '../../src/telemetry/logger.js'

function buffered(): { logger: Logger; buffer: LogBuffer; writes: string[]; messages: () => unknown[] } {
  const writes: string[] = []
  const buffer = new LogBuffer({ write: (text) => void writes.push(text) })
  const messages = () =>
    writes
      .join('')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => (JSON.parse(line) as { msg: unknown }).msg)
  return { logger: createLogger('info', buffer), buffer, writes, messages }
}

describe('log lines', () => {
  it('go out together, in their order', () => {
    const { logger, buffer, writes, messages } = buffered()
    for (const text of ['one', 'two', 'three']) logger.info(text)
    expect(writes).toEqual([])
    buffer.flush()
    expect(writes).toHaveLength(1)
    expect(messages()).toEqual(['one', 'two', 'three'])
    buffer.flush()
    expect(writes).toHaveLength(1)
  })

  it.each(['warn', 'error', 'fatal'] as const)('go out at once at level %s, with those before', (level) => {
    const { logger, writes, messages } = buffered()
    logger.info('before')
    logger[level]('trouble')
    expect(writes).toHaveLength(1)
    logger.info('after')
    expect(messages()).toEqual(['before', 'trouble'])
  })

  it('go out when they are many', () => {
    const { logger, buffer, writes, messages } = buffered()
    for (let i = 0; i < 1000; i++) logger.info(`line ${i}`)
    expect(writes.length).toBeGreaterThan(1)
    expect(writes.length).toBeLessThan(10)
    buffer.flush()
    expect(messages()).toEqual(Array.from({ length: 1000 }, (_, i) => `line ${i}`))
  })

  it('do not wait for others', async () => {
    const { logger, messages } = buffered()
    logger.info('alone')
    await expect.poll(messages).toEqual(['alone'])
    logger.info('again')
    await expect.poll(messages).toEqual(['alone', 'again'])
  })
})
