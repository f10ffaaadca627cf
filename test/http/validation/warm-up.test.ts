import { afterEach, expect, it, vi } from 'vitest'
import { warmUp } from '../../../src/http/validation/warm-up.js'

afterEach(() => {
  vi.unstubAllGlobals()
})

it('has schemas of parameters and bodies compiled', () => {
  const compiled: string[] = []
  vi.stubGlobal(
    'Function',
    new Proxy(Function, {
      construct: (target, args: string[]) => {
        compiled.push(args.at(-1) ?? '')
        return Reflect.construct(target, args)
      },
    }),
  )
  warmUp()
  const code = compiled.join()
  for (const keyword of [
    'minimum',
    'required',
    'maxLength',
    'pattern',
    'enum',
    'format',
    'oneOf',
    'maxItems',
  ])
    expect(code).toContain(`/${keyword}"`)
})
