import { expect, test } from 'vitest'
import { cycleIn } from '../../../src/openapi/judgement/cycle.js'

const itself: Record<string, unknown> = {}
itself['a/b'] = itself
const deep: Record<string, unknown> = { a: [{ b: {} }, 1, null] }
deep.c = [0, { d: deep }]
const inner: unknown[] = []
inner.push(inner)
const shared = { a: 1 }

test.each([
  ['that holds itself', itself, '/a~1b'],
  ['within a value of its own', deep, '/c/1/d'],
  ['below another', { x: [inner] }, '/x/0/0'],
  ['held twice', { x: shared, y: { z: [shared, shared] } }, undefined],
  ['without members', {}, undefined],
])('a value %s', (_, value, pointer) => {
  expect(cycleIn(value)).toBe(pointer)
})
