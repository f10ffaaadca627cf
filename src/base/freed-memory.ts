/**
 * As large as the C library lets it be for this: glibc takes chunks of up to 32 MiB for its threshold (mallopt(3),
 * M_MMAP_THRESHOLD), and gives back what is free at the top of its heap from twice as much on (M_TRIM_THRESHOLD).
 */
const BYTES = 16 * 2 ** 20

/**
 * Lets the C library keep up to 32 MiB of what the process has freed, for the process to use again.
 *
 * Bodies are memory of the C library, and collections free those of many calls at once. By default glibc then gives what is
 * free above 128 KiB back to the operating system, which has to hand out the same pages again, each cleared and by a page
 * fault of its own: thirty for a response of 60 kB, which cost as much CPU as all else that is done for it. From within a
 * process the threshold can only be raised by the rule that a chunk which was mapped by itself and is freed becomes the
 * measure; nothing is ever written to this one, so that it takes no memory. Other C libraries do as they do, and who sets
 * MALLOC_TRIM_THRESHOLD_ or MALLOC_MMAP_THRESHOLD_ has switched the rule off.
 */
export function keepFreedMemory(): void {
  Buffer.allocUnsafeSlow(BYTES)
}
