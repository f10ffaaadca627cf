import type { ContentMapping } from '../mapping/canonical/value-mapping.js'

/** Which particle each child of an element belongs to, found out before any of them is read. */
export class Plan {
  #at = 0

  constructor(private readonly particles: readonly ContentMapping[]) {}

  /** Whether the next child belongs to the particle, or the next occurrence of a group begins. */
  isNext(particle: ContentMapping): boolean {
    return this.particles[this.#at] === particle
  }

  /** @returns the same, and goes on after it where it is so */
  takes(particle: ContentMapping): boolean {
    if (!this.isNext(particle)) return false
    this.#at++
    return true
  }
}
