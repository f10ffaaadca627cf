import { InvalidArgumentError } from 'commander'

/** A whole number of the command line. @throws InvalidArgumentError */
export function wholeNumber(from: number, to: number): (text: string) => number {
  return (text) => {
    const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN
    if (value >= from && value <= to) return value
    throw new InvalidArgumentError(`It must be a whole number from ${from} to ${to}.`)
  }
}

/** A TCP port as text, as the environment would give it. @throws InvalidArgumentError */
export function tcpPort(text: string): string {
  return String(wholeNumber(0, 65_535)(text))
}
