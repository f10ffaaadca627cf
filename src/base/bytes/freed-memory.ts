/** glibc raises its thresholds by chunks of less than 32 MiB, and keeps twice as much at the top of its heap (mallopt(3), M_TRIM_THRESHOLD). */
const BYTES = 16 * 2 ** 20

/**
 * Lets the C library keep free memory at the top of its heap until that is 32 MiB, for the process to use again. Bodies of up to
 * 16 MiB come from the heap then; what is free below something in use stays with the process.
 *
 * Bodies are memory of the C library, and collections free those of many calls at once. By default glibc then gives what is
 * free above 128 KiB back to the operating system, which has to hand out the same pages again, each cleared and by a page
 * fault of its own: thirty for a response of 60 kB, which cost as much CPU as all else that is done for it. From within a
 * process the threshold can only be raised by the rule that a chunk which was mapped by itself and is freed becomes the
 * measure; nothing is ever written to this one, so that it takes no memory. Other C libraries do as they do, and who sets
 * one of glibc's thresholds (MALLOC_TRIM_THRESHOLD_, GLIBC_TUNABLES and others) has switched the rule off.
 */
export function keepFreedMemory(): void {
  Buffer.allocUnsafeSlow(BYTES)
}
