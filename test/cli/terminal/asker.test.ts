import { PassThrough } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { type Asker, openAsker } from '../../../src/cli/terminal/asker.js'

const DOWN = '\u001b[B'
const ENTER = '\r'
const CTRL_C = '\u0003'

/** A terminal of streams, as a pseudo-terminal shows itself to Node. */
class Terminal extends PassThrough {
  readonly isTTY = true
  isRaw = false
  readonly columns = 80
  readonly rows = 24

  setRawMode(isRaw: boolean): this {
    this.isRaw = isRaw
    return this
  }
}

function textOf(stream: PassThrough): () => string {
  let text = ''
  stream.on('data', (chunk: Buffer) => (text += chunk.toString()))
  return () => text
}

async function lines(
  written: string,
  { isTerminal = false } = {},
): Promise<{ readonly asker: Asker; readonly shown: () => string }> {
  const input = isTerminal ? new Terminal() : new PassThrough()
  const output = new PassThrough()
  const shown = textOf(output)
  input.end(written)
  return { asker: await openAsker({ input, output, terminal: 'dumb' }), shown }
}

describe('where stdin is no terminal', () => {
  it('asks numbered questions, and takes a line for each', async () => {
    const { asker, shown } = await lines('2\n\n  loan \n\n')
    expect(await asker.choose('Which?', ['one', 'two'])).toBe(1)
    expect(await asker.choose('And which?', ['one', 'two'])).toBe(0)
    expect(await asker.text('Of what?', {})).toBe('loan')
    expect(await asker.text('Of what?', { otherwise: 'thing' })).toBe('thing')
    asker.close()
    expect(shown()).toContain('Which?\n  1) one\n  2) two\n1 to 2, by default 1: 2\n')
  })

  it('takes the first where the input has ended', async () => {
    const { asker } = await lines('2\n')
    expect(await asker.choose('Which?', ['one', 'two'])).toBe(1)
    expect(await asker.choose('Which?', ['one', 'two'])).toBe(0)
    expect(await asker.text('Of what?', { otherwise: 'thing' })).toBe('thing')
    await expect(asker.text('Of what?', {})).rejects.toThrow('The input ended; nothing was written.')
    asker.close()
  })

  it.each(['3', '0', 'two', '-1', '1.5'])('refuses %s of two', async (answer) => {
    const { asker } = await lines(`${answer}\n1\n`)
    await expect(asker.choose('Which?', ['one', 'two'])).rejects.toThrow(
      `It must be a number from 1 to 2. It was "${answer}"; nothing was written.`,
    )
    asker.close()
  })
})

it('asks a person at a terminal without arrow keys again', async () => {
  const { asker, shown } = await lines('7\n2\n', { isTerminal: true })
  expect(await asker.choose('Which?', ['one', 'two'])).toBe(1)
  asker.close()
  expect(shown()).toContain('It must be a number from 1 to 2.\n')
})

describe('on a terminal', () => {
  /** Sends keys one by one, each after what it answers is shown. */
  async function terminal(): Promise<{
    readonly asker: Asker
    readonly input: Terminal
    readonly shown: () => string
  }> {
    const input = new Terminal()
    const output = new Terminal()
    const shown = textOf(output)
    return { asker: await openAsker({ input, output, terminal: 'xterm' }), input, shown }
  }

  it('moves by arrow keys', async () => {
    const { asker, input, shown } = await terminal()
    asker.say('It was a guess.')
    const chosen = asker.choose('Which?', ['one', 'two', 'three'])
    input.write(DOWN)
    input.write(DOWN)
    input.write(ENTER)
    expect(await chosen).toBe(2)
    expect(shown()).toMatch(/It was a guess\..*Which\?.*one.*two.*three/s)
    asker.close()
  })

  it('takes a word', async () => {
    const { asker, input } = await terminal()
    const answer = asker.text('Of what?', { otherwise: 'thing' })
    input.write('loan')
    input.write(ENTER)
    expect(await answer).toBe('loan')
    const none = asker.text('Of what?', { otherwise: 'thing' })
    input.write(ENTER)
    expect(await none).toBe('thing')
    asker.close()
  })

  it('gives up at Ctrl-C', async () => {
    const { asker, input } = await terminal()
    const chosen = asker.choose('Which?', ['one', 'two'])
    input.write(CTRL_C)
    await expect(chosen).rejects.toThrow('It was cancelled; nothing was written.')
    asker.close()
  })
})
