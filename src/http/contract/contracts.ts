import type { ObservedCall } from '../../adapter/observed-call.js'
import type { BackendState, LeniencyUse, RestOperation, RevocationListFailure } from '../../adapter/rest.js'
import type { Diagnostic } from '../../base/diagnostic/diagnostic.js'
import { ContractError } from '../../base/errors.js'
import { isObject } from '../../openapi/document.js'
import type { SharedUses } from '../../store/single-use/uses.js'
import type { BackendChange, Facade } from '../facade.js'

/** A word that tells a contract from others of the same process; undefined where it is the only one. */
interface OfApi {
  readonly api?: string | undefined
}

/**
 * Contracts that one process serves beside each other, each below a base path of its own: versions of an API, as a rule.
 *
 * What is said of one of several carries its base path, as `api`; of a backend that contracts share it is left out.
 */
export class Contracts<T extends Facade = Facade> {
  /** In the order in which they were given. */
  readonly all: readonly T[]
  /** The one with the highest `info.version`; of several the last that was given. */
  readonly newest: T

  /** @throws ContractError where base paths collide */
  constructor(facades: readonly T[]) {
    const [first, ...others] = facades
    if (!first) throw new TypeError('There must be a contract.')
    this.all = facades
    this.newest = others.reduce((newest, each) => (isBefore(each, newest) ? newest : each), first)
    refuseCollisions(facades)
  }

  apiOf({ basePath }: Facade): string | undefined {
    return this.all.length > 1 ? basePath : undefined
  }

  get operationCount(): number {
    return this.all.reduce((sum, { operations }) => sum + operations.size, 0)
  }

  operations(): readonly RestOperation[] {
    return this.all.flatMap(({ operations }) => [...operations.values()])
  }

  backends(): readonly (BackendState & OfApi)[] {
    if (this.all.length === 1) return this.newest.backends()
    return this.all.flatMap((facade) =>
      facade.backends().map((state) => (state.shared ? state : { ...state, api: facade.basePath })),
    )
  }

  certificatesExpiredBy(time: number): number {
    return this.all.reduce((sum, facade) => sum + (facade.certificatesExpiredBy?.(time) ?? 0), 0)
  }

  shareUses(shared: SharedUses): void {
    for (const facade of this.all) facade.shareUses?.(shared)
  }

  onBackendChange(listener: (change: BackendChange & OfApi) => void): void {
    for (const facade of this.all) {
      facade.onBackendChange?.((change) => {
        listener({ ...change, api: this.#apiOfBackend(facade, change.name) })
      })
    }
  }

  onLeniency(listener: (use: LeniencyUse & OfApi) => void): void {
    for (const facade of this.all) {
      facade.onLeniency?.((use) => {
        listener({ ...use, api: this.#apiOfBackend(facade, use.backend) })
      })
    }
  }

  onRevocationListFailure(listener: (failure: RevocationListFailure & OfApi) => void): void {
    for (const facade of this.all) {
      facade.onRevocationListFailure?.((failure) => {
        listener({ ...failure, api: this.#apiOfBackend(facade, failure.backend) })
      })
    }
  }

  onCall(listener: (call: ObservedCall & OfApi) => void): void {
    for (const facade of this.all) {
      const api = this.apiOf(facade)
      facade.onCall?.((call) => {
        listener(api === undefined ? call : { ...call, api })
      })
    }
  }

  #apiOfBackend(facade: Facade, name: string): string | undefined {
    const isShared = facade.backends().some((backend) => backend.name === name && backend.shared)
    return isShared ? undefined : this.apiOf(facade)
  }
}

function isBefore(a: Facade, b: Facade): boolean {
  return versionOf(a).localeCompare(versionOf(b), 'en', { numeric: true }) < 0
}

/** `info.version` of a contract: `1.4.0`. */
export function versionOf({ document: { info } }: Facade): string {
  return isObject(info) && typeof info.version === 'string' ? info.version : ''
}

/** @throws ContractError where a path of one contract may be one of another, too */
function refuseCollisions(facades: readonly Facade[]): void {
  const found: Diagnostic[] = facades.flatMap((facade, index) => {
    const other = facades.slice(0, index).find((each) => overlaps(each.basePath, facade.basePath))
    return other ? [collision(facade, other)] : []
  })
  if (found.length > 0) throw new ContractError(found)
}

function overlaps(a: string, b: string): boolean {
  return `${a}/`.startsWith(`${b}/`) || `${b}/`.startsWith(`${a}/`)
}

function collision(facade: Facade, other: Facade): Diagnostic {
  const how =
    facade.basePath === other.basePath
      ? `Two contracts have the base path ${shown(facade)}`
      : `The base path ${shown(facade)} and that of another contract, ${shown(other)}, lie within each other`
  return {
    severity: 'error',
    code: 'base-path-taken',
    message: `${how}: a request could be for either. Give each its own as the first of \`servers\`, such as \`- url: /v2\`.`,
    ...(facade.contract && { at: placeOf(facade.contract) }),
    ...(other.contract && { related: [{ message: 'the other contract', at: placeOf(other.contract) }] }),
  }
}

function placeOf(contract: NonNullable<Facade['contract']>): ReturnType<typeof contract.locate> {
  return contract.locate(Array.isArray(contract.root.servers) ? '/servers/0/url' : '/servers')
}

function shown({ basePath }: Facade): string {
  return basePath === '' ? '/' : basePath
}
