import { randomUUID } from 'node:crypto'
import { UNDER_WAY_TABLE } from '../counters/counter-tables.js'
import type { RateLimitPool } from '../counters/replica-limiter.js'

/** A process that was not heard of for so long has ended, whatever it had under way. */
const HEARD_OF_S = 30
const SIGN_MS = 10_000

const LIVE = (holders: string) =>
  `SELECT * FROM jsonb_each(${holders}) WHERE (value->>1)::float8 > extract(epoch FROM statement_timestamp()) - ${HEARD_OF_S}`
const SUM = (holders: string) => `(SELECT coalesce(sum((value->>0)::int), 0) FROM (${LIVE(holders)}) AS live)`
const OBJECT = (holders: string) =>
  `(SELECT coalesce(jsonb_object_agg(key, value), '{}') FROM (${LIVE(holders)}) AS live)`
const MINE = (count: string) =>
  `jsonb_build_object($2::text, jsonb_build_array(${count}, extract(epoch FROM statement_timestamp())))`
const COUNT = `coalesce((u.holders->$2->>0)::int, 0)`

/**
 * How many requests each client has under way, in this process and, where there is a pool, in all replicas. A request costs
 * one query where it begins and one where it ends, which nobody waits for. A process that ends without a word is
 * forgotten after half a minute.
 */
export class UnderWay {
  readonly #pool: RateLimitPool | undefined
  readonly #process = randomUUID()
  readonly #own = new Map<string, number>()
  #signing: NodeJS.Timeout | undefined

  constructor(pool?: RateLimitPool) {
    this.#pool = pool
  }

  /**
   * Counts a request in.
   *
   * @returns whether it is within the limit; one that is not is not counted
   */
  async begin(key: string, most: number): Promise<boolean> {
    const before = this.#own.get(key) ?? 0
    if (before >= most) return false
    this.#own.set(key, before + 1)
    if (!this.#pool) return true
    this.#sign()
    const total = await this.#add(this.#pool, key)
    if (total === undefined || total <= most) return true
    this.end(key)
    return false
  }

  /** Counts a request out that was counted in. */
  end(key: string): void {
    const left = (this.#own.get(key) ?? 1) - 1
    if (left <= 0) this.#own.delete(key)
    else this.#own.set(key, left)
    if (this.#own.size === 0) {
      clearInterval(this.#signing)
      this.#signing = undefined
    }
    this.#pool
      ?.query({
        name: 'soapstone-under-way-end',
        text: `UPDATE "${UNDER_WAY_TABLE}" AS u SET holders = CASE WHEN ${COUNT} <= 1 THEN u.holders - $2 ELSE u.holders || ${MINE(`${COUNT} - 1`)} END WHERE key = $1`,
        values: [key, this.#process],
      })
      .catch(() => undefined)
  }

  /** @returns how many all replicas have; undefined where the database does not say */
  async #add(pool: RateLimitPool, key: string): Promise<number | undefined> {
    try {
      const result = await pool.query({
        name: 'soapstone-under-way-begin',
        text: `INSERT INTO "${UNDER_WAY_TABLE}" AS u VALUES ($1, ${MINE('1')}, statement_timestamp())
ON CONFLICT (key) DO UPDATE SET holders = ${OBJECT('u.holders')} || ${MINE(`${COUNT} + 1`)}, seen = statement_timestamp()
RETURNING ${SUM('holders')}::int AS total`,
        values: [key, this.#process],
      })
      const { rows } = result as { readonly rows: readonly { readonly total: number }[] }
      return rows[0]?.total
    } catch {
      return undefined
    }
  }

  /** Says now and then what this process has, so that nothing that went wrong on the way lasts. */
  #sign(): void {
    this.#signing ??= setInterval(() => {
      const own = Object.fromEntries(this.#own)
      this.#pool
        ?.query({
          name: 'soapstone-under-way-sign',
          text: `WITH gone AS (DELETE FROM "${UNDER_WAY_TABLE}" WHERE seen < statement_timestamp() - interval '1 hour')
UPDATE "${UNDER_WAY_TABLE}" AS u SET holders = u.holders || ${MINE('own.value::int')}, seen = statement_timestamp()
FROM jsonb_each_text($1::jsonb) AS own WHERE u.key = own.key`,
          values: [JSON.stringify(own), this.#process],
        })
        .catch(() => undefined)
    }, SIGN_MS).unref()
  }
}
