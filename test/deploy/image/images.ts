import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const isThere = (command: string) => spawnSync('which', [command]).status === 0

/** Why images cannot be built here; undefined where they can. */
export function whyNoImages(): string | undefined {
  if (process.env.TEST_IMAGE !== '1') return 'it takes minutes; TEST_IMAGE=1 asks for it'
  if (process.getuid?.() !== 0) return 'it needs root'
  const missing = ['buildah', 'debootstrap', 'unshare'].filter((command) => !isThere(command))
  if (missing.length > 0) return `it needs ${missing.join(', ')}`
  return undefined
}

/** What an image says of how it is run. */
export interface ImageConfig {
  readonly User: string
  readonly Env: readonly string[]
  readonly Entrypoint: readonly string[]
  readonly Cmd: readonly string[]
  readonly Volumes: Readonly<Record<string, unknown>>
  readonly WorkingDir: string
  readonly ExposedPorts: Readonly<Record<string, unknown>>
  readonly Healthcheck: { readonly Test: readonly string[] }
}

/** A storage of images of its own, with a base in it that stands in for node:24-slim. */
export class Images {
  readonly folder = mkdtempSync(join(tmpdir(), 'soapstone-image-'))
  readonly #containers: string[] = []
  readonly #mounts = new Map<string, string>()

  constructor() {
    const script = fileURLToPath(new URL('base.sh', import.meta.url))
    execFileSync('sh', [script, this.folder], { stdio: ['ignore', 'ignore', 'inherit'] })
  }

  /** @param context the folder that is sent to the build */
  build(context: string, name: string): void {
    const how = ['--isolation', 'chroot', '--pull-never', '--format', 'docker', '--quiet', '--tag', name]
    this.#buildah('build', ...how, context)
  }

  config(name: string): ImageConfig {
    const { Docker } = JSON.parse(this.#buildah('inspect', '--type', 'image', name)) as {
      Docker: { config: ImageConfig }
    }
    return Docker.config
  }

  /** In bytes, unpacked. */
  size(name: string): number {
    const images = JSON.parse(this.#buildah('images', '--json', name)) as { size: string }[]
    const [, number = '', unit = ''] = /^([\d.]+) (MB|GB)$/.exec(images[0]?.size ?? '') ?? []
    return Number(number) * (unit === 'GB' ? 1e9 : 1e6)
  }

  /**
   * The root folder of a container. All of an image share it: each mounts it read-only for itself, with its own volumes, and a copy
   * takes a minute.
   */
  mount(name: string): string {
    const known = this.#mounts.get(name)
    if (known !== undefined) return known
    const container = this.#buildah('from', '--pull-never', name)
    this.#containers.push(container)
    const root = this.#buildah('mount', container)
    this.#mounts.set(name, root)
    return root
  }

  remove(): void {
    for (const container of this.#containers) {
      this.#buildah('umount', container)
      this.#buildah('rm', container)
    }
    rmSync(this.folder, { recursive: true, force: true })
  }

  #buildah(...rest: string[]): string {
    const { folder } = this
    const storage = [
      '--storage-driver',
      'vfs',
      '--root',
      join(folder, 'storage'),
      '--runroot',
      join(folder, 'run'),
    ]
    return execFileSync('buildah', [...storage, ...rest], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'inherit'],
      maxBuffer: 1e8,
    }).trim()
  }
}
