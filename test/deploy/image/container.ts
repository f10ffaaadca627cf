import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, chownSync, cpSync, mkdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { DockerRun } from './docker-run.js'
import type { ImageConfig } from './images.js'

export interface ContainerOptions {
  /** The root folder of the container. */
  readonly root: string
  readonly config: ImageConfig
  /** Where named volumes and relative paths are. */
  readonly folder: string
  /** Beside those of the command. */
  readonly env?: readonly string[]
  /** Instead of what the image runs. */
  readonly command?: readonly string[]
}

/** A command in a root folder as a container runtime runs it: mounts, user, environment and working directory of the image. */
export class Container {
  readonly #child: ChildProcess
  #output = ''
  #waiting: (() => void)[] = []
  readonly exited: Promise<number | null>

  constructor(run: Pick<DockerRun, 'isReadOnly' | 'volumes' | 'env' | 'command'>, options: ContainerOptions) {
    const { root, config, folder, env = [], command } = options
    const mounts = this.#mounts(run, options)
    const script = [
      `mount --bind ${root} ${root}`,
      `mount --rbind /dev ${root}/dev`,
      `mount -t proc proc ${root}/proc`,
      ...(run.isReadOnly ? [`mount -o remount,ro,bind ${root}`] : []),
      ...mounts.map(({ source, target }) => `mount --bind ${source} ${root}${target}`),
      ...mounts.flatMap(({ target, isReadOnly }) =>
        isReadOnly ? [`mount -o remount,ro,bind ${root}${target}`] : [],
      ),
      `exec chroot --userspec=${config.User} ${root} /usr/bin/env -i "$@"`,
    ].join(' && ')
    const what = command ?? [...config.Entrypoint, ...(run.command.length > 0 ? run.command : config.Cmd)]
    const inside = ['sh', '-c', 'cd "$0" && exec "$@"', config.WorkingDir, ...what]
    const variables = [...config.Env, ...run.env, ...env]
    this.#child = spawn('unshare', ['-m', 'sh', '-c', script, 'sh', ...variables, ...inside], { cwd: folder })
    this.#child.stdout?.on('data', this.#take)
    this.#child.stderr?.on('data', this.#take)
    this.exited = once(this.#child, 'close').then(([code]) => code as number | null)
    void this.exited.then(() => {
      this.#wake()
    })
  }

  get output(): string {
    return this.#output
  }

  /** Resolves when the output has a text. @throws Error where the command ends before */
  async said(text: string): Promise<void> {
    while (!this.#output.includes(text)) {
      if (this.#child.exitCode !== null)
        throw new Error(`ended with ${this.#child.exitCode}: ${this.#output}`)
      await new Promise<void>((resolve) => this.#waiting.push(resolve))
    }
  }

  async stop(): Promise<number | null> {
    this.#child.kill('SIGTERM')
    return this.exited
  }

  /** A named volume begins with what the image has at its place; one that nobody names is made, too. */
  #mounts(
    { volumes }: Pick<DockerRun, 'volumes'>,
    { root, config, folder }: ContainerOptions,
  ): { source: string; target: string; isReadOnly: boolean }[] {
    const named = volumes.map(({ source, ...rest }) => {
      if (source.startsWith('.') || source.startsWith('/')) return { ...rest, source: join(folder, source) }
      return { ...rest, source: this.#volume(join(folder, source), root + rest.target) }
    })
    const others = Object.keys(config.Volumes).filter(
      (target) => !named.some((each) => each.target === target),
    )
    const anonymous = others.map((target) => {
      const source = this.#volume(join(folder, `anonymous-${process.hrtime.bigint()}`), root + target)
      return { source, target, isReadOnly: false }
    })
    for (const { target } of named) mkdirSync(root + target, { recursive: true })
    return [...named, ...anonymous]
  }

  #volume(path: string, original: string): string {
    cpSync(original, path, { recursive: true, preserveTimestamps: true, force: false })
    const { uid, gid, mode } = statSync(original)
    chownSync(path, uid, gid)
    chmodSync(path, mode)
    return path
  }

  #take = (chunk: Buffer): void => {
    this.#output += chunk.toString()
    this.#wake()
  }

  #wake(): void {
    for (const wake of this.#waiting.splice(0)) wake()
  }
}
