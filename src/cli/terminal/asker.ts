import { createInterface, type Interface } from 'node:readline'
import type { Readable, Writable } from 'node:stream'
import { Failure } from './report.js'

/** Asks a person at a terminal, or reads answers that were written before. */
export interface Asker {
  /** Says something before a question. */
  say(text: string): void
  /** @returns the index of a choice; the first where nothing is said */
  choose(message: string, choices: readonly string[]): Promise<number>
  /**
   * @param refuse says what is wrong with an answer
   * @param otherwise the answer where nothing is said; without it something must be said
   */
  text(
    message: string,
    options: {
      readonly otherwise?: string
      readonly refuse?: (answer: string) => string | undefined
    },
  ): Promise<string>
  close(): void
}

export interface AskerStreams {
  readonly input: Readable & { readonly isTTY?: boolean }
  /** Not stdout, where the document may go. */
  readonly output: Writable & { readonly isTTY?: boolean }
  /** `TERM` of the environment. */
  readonly terminal?: string | undefined
}

/** Arrow keys where both ends are a terminal that has them, else numbered questions and lines. */
export async function openAsker(streams: AskerStreams): Promise<Asker> {
  const { input, output, terminal } = streams
  if (!input.isTTY || !output.isTTY || terminal === 'dumb') return new LineAsker(streams)
  const { isCancel, log, select, text } = await import('@clack/prompts')
  const given = { input, output }
  return {
    say: (message) => {
      log.message(message, given)
    },
    choose: async (message, choices) => {
      const options = choices.map((label, value) => ({ value, label }))
      const answer = await select<number>({ ...given, message, options })
      if (isCancel(answer)) throw cancelled()
      return answer
    },
    text: async (message, { otherwise, refuse }) => {
      const answer = await text({
        ...given,
        message,
        ...(otherwise !== undefined && { placeholder: otherwise, defaultValue: otherwise }),
        validate: (said = '') => refused(said.trim(), otherwise, refuse),
      })
      if (isCancel(answer)) throw cancelled()
      return answer.trim()
    },
    close: () => undefined,
  }
}

function cancelled(): Failure {
  return new Failure('It was cancelled; nothing was written.', 1)
}

function refused(
  answer: string,
  otherwise: string | undefined,
  refuse: ((answer: string) => string | undefined) | undefined,
): string | undefined {
  if (answer === '') return otherwise === undefined ? 'Something must be said here.' : undefined
  return refuse?.(answer)
}

/**
 * Questions with numbers, each answered by a line. A person is asked again where an answer cannot be used; of answers that were
 * written before, the next would be taken for that of another question, so that they are refused.
 */
class LineAsker implements Asker {
  readonly #output: Writable
  readonly #isTerminal: boolean
  readonly #reader: Interface
  readonly #lines: AsyncIterator<string>
  #isOver = false

  constructor({ input, output }: AskerStreams) {
    this.#output = output
    this.#isTerminal = input.isTTY === true
    this.#reader = createInterface({ input, terminal: false })
    this.#lines = this.#reader[Symbol.asyncIterator]()
  }

  say(text: string): void {
    this.#output.write(`\n${text}\n`)
  }

  async choose(message: string, choices: readonly string[]): Promise<number> {
    const listed = choices.map((label, index) => `  ${index + 1}) ${label}\n`).join('')
    this.#output.write(`${message}\n${listed}`)
    const answer = await this.#answer(`1 to ${choices.length}, by default 1: `, (line) =>
      line === '' || (/^\d{1,3}$/.test(line) && Number(line) >= 1 && Number(line) <= choices.length)
        ? undefined
        : `It must be a number from 1 to ${choices.length}.`,
    )
    return answer === '' ? 0 : Number(answer) - 1
  }

  async text(message: string, { otherwise, refuse }: Parameters<Asker['text']>[1]): Promise<string> {
    const prompt = otherwise === undefined ? `${message} ` : `${message} By default ${otherwise}: `
    const answer = await this.#answer(prompt, (line) => refused(line, otherwise, refuse))
    return answer === '' ? (otherwise ?? '') : answer
  }

  async #answer(prompt: string, refuse: (line: string) => string | undefined): Promise<string> {
    for (;;) {
      this.#output.write(prompt)
      const line = await this.#line()
      const wrong = refuse(line)
      if (wrong === undefined) return line
      if (this.#isOver || !this.#isTerminal)
        throw new Failure(
          `${wrong} ${this.#isOver ? 'The input ended' : `It was ${JSON.stringify(line)}`}; nothing was written.`,
          1,
        )
      this.#output.write(`${wrong}\n`)
    }
  }

  /** The next line; where there is none, nothing is said to this question and all that follow. */
  async #line(): Promise<string> {
    const next = this.#isOver ? { done: true as const, value: undefined } : await this.#lines.next()
    const line = next.done === true ? '' : next.value.trim()
    if (next.done === true) this.#isOver = true
    if (!this.#isTerminal) this.#output.write(`${line}\n`)
    return line
  }

  close(): void {
    this.#reader.close()
  }
}
