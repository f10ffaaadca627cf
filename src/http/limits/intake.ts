import { ConcurrencyLimit } from './concurrency-limit.js'
import { FairQueue } from './fair-queue.js'

/** A request that is to be served, or refused before anything was done for it. */
export interface Arrival {
  /** Whose it is; each has its turn. */
  readonly network: string
  /** Resolves when it is served; never rejects. */
  start(): Promise<void>
  refuse(): void
}

/**
 * How long new work may keep the event loop in one turn, in milliseconds, and how many requests are begun in any case.
 * Turns cost little, and long ones much: Node accepts one connection in each.
 */
const SLICE_MS = 1
const LEAST_STARTS = 2
/** New work gets this much of a turn for each millisecond that what came in took, up to a limit: refusals take time, too. */
const SHARE = 1
const LONGEST_SLICE_MS = 10
/** Beside those that are begun in two turns, so many have room in a queue that does not empty. */
const SPARE_ROOM = 16

/** A queue that was empty within this time works off a burst: those in it wait so long, in milliseconds. */
const BURST_MS = 100
/** Nor does one stand that had no turn to empty: one long turn, such as that of a first request, is no overload. */
const BURST_TURNS = 8
/** A few are worth waiting for longer: a process that has just started, or gets no CPU, is not overloaded by them. */
const FEW = 16
const FEW_MS = 1_000
/** In a queue that does not empty, waiting is hopeless for all but the newest. */
const STANDING_MS = 5
const STANDING_TURNS = 2

/**
 * Decides when work on a request begins, so that work that was begun ends first: the event loop handles what arrives for
 * calls in flight before it begins others, spends no more than a slice of each turn on those, and begins none beyond what
 * the length of its turns allows ({@link ConcurrencyLimit}). What exceeds that waits; the time for which requests wait, not
 * their number, tells an overload from a burst.
 *
 * The queue is that of "controlled delay" (CoDel: RFC 8289) with an adaptive order, as Facebook describes it ("Fail at
 * Scale", ACM Queue 13/8, 2015): while the queue empties from time to time, the first goes first and may wait for 100 ms;
 * once it has not been empty for as long, the newest goes first and others are refused after 5 ms. A request of which
 * that is clear when it arrives is refused at once. Networks take turns, and what one of them sends fills its own part of the
 * queue alone.
 */
export class Intake {
  readonly #now: () => number
  readonly #limit = new ConcurrencyLimit()
  readonly #waiting = new FairQueue<{
    readonly arrival: Arrival
    readonly since: number
    readonly turn: number
  }>()
  #turnBegan = 0
  #sliceBegan = 0
  #sliceMs = SLICE_MS
  #isInTurn = false
  #isDraining = false
  #isHurried = false
  #turns = 0
  #started = 0
  #refused = 0
  #begun = 0
  #room = SPARE_ROOM
  #lastEmpty: number
  #lastEmptyTurn = 0
  #lastRefused = -Infinity

  /** @param now milliseconds that never go backwards */
  constructor(now = () => performance.now()) {
    this.#now = now
    this.#lastEmpty = now()
  }

  get waiting(): number {
    return this.#waiting.length
  }

  /** A connection was accepted; others may wait for that, so that this turn begins no more than it must. */
  hurry(): void {
    this.#isHurried = true
  }

  /** Begins the request now, later in this turn or the next, or refuses it. */
  offer(arrival: Arrival): void {
    const now = this.#now()
    this.#beginTurn(now)
    if (this.waiting === 0 && !this.#isDraining && this.#mayStart(now)) {
      this.#emptied(now)
      this.#start(arrival)
    } else if (!this.#hasRoom(arrival) && this.#isStanding(now)) this.#refuse(arrival)
    else this.#waiting.push(arrival.network, { arrival, since: now, turn: this.#turns })
  }

  #hasRoom({ network }: Arrival): boolean {
    return this.#waiting.lengthOf(network) * this.#waiting.networks < this.#room
  }

  #emptied(now: number): void {
    this.#lastEmpty = now
    this.#lastEmptyTurn = this.#turns
  }

  #mayStart(now: number): boolean {
    if (this.#begun >= this.#limit.value) return false
    if (this.#isHurried) return this.#started === 0
    return this.#started < LEAST_STARTS || now - this.#sliceBegan < this.#sliceMs
  }

  #start(arrival: Arrival): void {
    this.#started++
    this.#begun++
    void arrival.start().then(() => {
      this.#begun--
    })
  }

  /** It ends when none was refused for as long as it takes to begin. */
  #isStanding(now: number): boolean {
    const hadTurns = this.#turns - this.#lastEmptyTurn >= BURST_TURNS
    return (hadTurns && now - this.#lastEmpty > BURST_MS) || now - this.#lastRefused < BURST_MS
  }

  #refuse(arrival: Arrival): void {
    this.#refused++
    this.#lastRefused = this.#now()
    arrival.refuse()
  }

  #beginTurn(now: number): void {
    if (this.#isInTurn) return
    this.#isInTurn = true
    this.#turnBegan = now
    if (!this.#isDraining) this.#beginSlice(now, SLICE_MS)
    setImmediate(() => {
      this.#endTurn()
    })
  }

  #beginSlice(now: number, ms: number): void {
    this.#sliceBegan = now
    this.#sliceMs = ms
    this.#started = 0
  }

  /** After everything that arrives in this turn of the event loop. */
  #endTurn(): void {
    const now = this.#now()
    const tookMs = now - this.#turnBegan
    this.#isInTurn = false
    this.#turns++
    this.#limit.observe({ now, tookMs, refused: this.#refused, begun: this.#begun })
    this.#refused = 0
    if (this.waiting === 0 || this.#isDraining) {
      this.#isHurried = false
      return
    }
    this.#isDraining = true
    this.#beginSlice(now, Math.min(LONGEST_SLICE_MS, Math.max(SLICE_MS, SHARE * tookMs)))
    this.#drain()
  }

  /** One request after the other, each with all that it can do by itself: what it waits for is asked for first. */
  #drain(): void {
    const now = this.#now()
    const isStanding = this.#isStanding(now)
    if (this.waiting > 0 && this.#mayStart(now)) {
      const next = this.#waiting.take(isStanding ? 'newest' : 'oldest')
      if (next) this.#start(next.arrival)
      // The tick comes when no promise is left to go on with.
      queueMicrotask(() => {
        process.nextTick(() => {
          this.#drain()
        })
      })
      return
    }
    this.#refuseLate(now, isStanding)
    this.#isDraining = false
    this.#isHurried = false
    if (this.waiting === 0) this.#emptied(this.#now())
    else {
      this.#room = 2 * this.#started + SPARE_ROOM
      this.#beginTurn(this.#now())
    }
  }

  #refuseLate(now: number, isStanding: boolean): void {
    const { networks } = this.#waiting
    const patienceTurns = isStanding ? STANDING_TURNS : BURST_TURNS
    const late = this.#waiting.takeDue(({ since, turn }, inNetwork) => {
      const isFew = inNetwork * networks <= FEW
      const patienceMs = isStanding ? (isFew ? BURST_MS : STANDING_MS) : isFew ? FEW_MS : BURST_MS
      return now - since > patienceMs && this.#turns - turn >= patienceTurns
    })
    for (const { arrival } of late) this.#refuse(arrival)
  }
}
