import type { Facade } from '../facade.js'
import type { PagePlace } from '../pages/docs.js'
import { type Contracts, versionOf } from './contracts.js'

/** The path of the page of a contract: below `/docs`, where no operation can be. */
export function docsPathOf({ all }: Contracts, { basePath }: Facade): string {
  return all.length > 1 ? `/docs${basePath}` : '/docs'
}

/** Where the page of a contract is, and how it leads to those of the others. */
export function placeOf(contracts: Contracts, facade: Facade): PagePlace {
  const [, ...folders] = docsPathOf(contracts, facade).split('/')
  const root = folders.map(() => '..').join('/')
  const place = { folder: folders.at(-1) ?? '', root }
  if (contracts.all.length === 1) return place
  const versions = contracts.all.map((each) => ({
    name: each.basePath,
    version: versionOf(each),
    page: `${root}${docsPathOf(contracts, each)}/`,
    current: each === facade,
  }))
  return { ...place, versions }
}
