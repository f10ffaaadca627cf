import { expect, it } from 'vitest'
import { Running } from '../../../src/backend/resilience/running.js'

it('is settled at once where nothing runs, and else when the last has ended', async () => {
  const running = new Running()
  const seen: string[] = []
  await running.settled()
  running.begin()
  running.begin()
  const settled = Promise.all([running.settled(), running.settled()]).then(() => seen.push('settled'))
  running.end()
  await Promise.resolve()
  seen.push('one has ended')
  running.end()
  await settled
  await running.settled()
  expect(seen).toEqual(['one has ended', 'settled'])
})
