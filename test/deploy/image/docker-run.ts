/** A `docker run` command as a page prints it. */
export interface DockerRun {
  readonly isReadOnly: boolean
  /** Of the host and of the container. */
  readonly ports: readonly (readonly [string, string])[]
  /** Name or path, place in the container, `ro`. */
  readonly volumes: readonly {
    readonly source: string
    readonly target: string
    readonly isReadOnly: boolean
  }[]
  readonly env: readonly string[]
  readonly image: string
  readonly command: readonly string[]
}

/** The commands of a page that begin with some words, with lines that go on joined and without comments. */
export function commandsOf(page: string, beginning: string): string[] {
  return [...page.matchAll(/```sh\n(.*?)```/gs)]
    .flatMap(([, block = '']) => block.replaceAll(/\\\n\s*/g, '').split('\n'))
    .map((line) => line.replace(/\s+#.*$/, '').trim())
    .filter((line) => line.startsWith(beginning))
}

/** @throws Error for an option that is not known here */
export function parseDockerRun(line: string): DockerRun {
  const words = line.split(/\s+/).slice(2)
  const run = {
    isReadOnly: false,
    ports: [] as [string, string][],
    volumes: [] as DockerRun['volumes'][number][],
    env: [] as string[],
  }
  for (;;) {
    const word = words.shift() ?? ''
    if (!word.startsWith('-')) return { ...run, image: word, command: words }
    if (word === '--read-only') run.isReadOnly = true
    else if (word === '-p') {
      const [host = '', container = ''] = (words.shift() ?? '').split(':')
      run.ports.push([host, container])
    } else if (word === '-v') {
      const [source = '', target = '', mode] = (words.shift() ?? '').split(':')
      run.volumes.push({ source, target, isReadOnly: mode === 'ro' })
    } else if (word === '-e') run.env.push(words.shift() ?? '')
    else if (word !== '--rm') throw new Error(`docker run ${word} is not known here`)
  }
}
