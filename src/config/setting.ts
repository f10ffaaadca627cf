/** One environment variable. */
export interface Setting<T> {
  readonly variable: string
  readonly default: T
  /** Empty where the value has none. */
  readonly unit: string
  /** Completes "must be …". */
  readonly expected: string
  readonly description: string
  /** The value may also come from the file that the variable with `_FILE` behind its name names. */
  readonly secret?: boolean
  /** @returns undefined where the text is not what is expected */
  readonly read: (text: string) => T | undefined
}

export type Description = Pick<Setting<unknown>, 'variable' | 'description'>

export function wholeNumber(
  about: Description & { default: number; unit: string; from: number; to: number },
): Setting<number> {
  const { from, to } = about
  return {
    ...about,
    expected: `a whole number from ${from} to ${to}`,
    read: (text) => {
      const value = /^[0-9]{1,15}$/.test(text) ? Number(text) : undefined
      return value !== undefined && value >= from && value <= to ? value : undefined
    },
  }
}

export function oneOf<const T extends string>(
  about: Description & { default: NoInfer<T>; values: readonly T[] },
): Setting<T> {
  return {
    ...about,
    unit: '',
    expected: `one of ${about.values.join(', ')}`,
    read: (text) => about.values.find((value) => value === text),
  }
}

export function onOff(about: Description & { default: boolean }): Setting<boolean> {
  const words = new Map([
    ['true', true],
    ['false', false],
  ])
  return { ...about, unit: '', expected: 'true or false', read: (text) => words.get(text) }
}

/** Whether something is on; by default the contract says so. */
export function onOffByContract(about: Description): Setting<boolean | 'contract'> {
  const words = new Map<string, boolean | 'contract'>([
    ['contract', 'contract'],
    ['true', true],
    ['on', true],
    ['false', false],
    ['off', false],
  ])
  return {
    ...about,
    default: 'contract',
    unit: '',
    expected: 'true or on, false or off, or contract: as it says',
    read: (text) => words.get(text),
  }
}

/** A text with a form; empty by default. */
export function text(
  about: Description & { expected: string; secret?: boolean; accept: (text: string) => boolean },
): Setting<string> {
  return {
    ...about,
    default: '',
    unit: '',
    read: (value) => (value === '' || about.accept(value) ? value : undefined),
  }
}

/** Values with commas between them. */
export function list<const T extends string = string>(
  about: Description & {
    default: readonly NoInfer<T>[]
    expected: string
    accept: (item: string) => boolean
  },
): Setting<readonly T[]> {
  return {
    ...about,
    unit: '',
    read: (value) => {
      const items = value === '' ? [] : value.split(',').map((item) => item.trim())
      return items.every((item) => about.accept(item)) ? (items as T[]) : undefined
    },
  }
}
