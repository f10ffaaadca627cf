import { timingSafeEqual } from 'node:crypto'

/** Whether a text is a secret that we know, in a time that says nothing of it but its length. */
export function isSameSecret(sent: string, known: string): boolean {
  const [left, right] = [Buffer.from(sent), Buffer.from(known)]
  return left.length === right.length && timingSafeEqual(left, right)
}
