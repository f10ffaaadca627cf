import { dirname, parse, resolve } from 'node:path'

const LEVELS_ABOVE = 3

/**
 * The directory that the files of a contract may lie in: up to three levels above the WSDL, since committees
 * keep shared schemas in sibling directories, but never the root of the file system.
 */
export function contractRoot(wsdl: string): string {
  let directory = dirname(resolve(wsdl))
  const { root } = parse(directory)
  for (let level = 0; level < LEVELS_ABOVE; level++) {
    const above = dirname(directory)
    if (above === root) break
    directory = above
  }
  return directory
}
