import { createRequire } from 'node:module'

const ownRequire = createRequire(import.meta.url)

/**
 * A package that is loaded when it is first asked for, since a start needs nothing of it, and many contracts never do.
 *
 * @param load names a CommonJS package to `require`
 */
export function onDemand<Package extends object>(load: (require: NodeJS.Require) => Package): () => Package {
  let loaded: Package | undefined
  return () => (loaded ??= load(ownRequire))
}
