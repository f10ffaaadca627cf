const guesses: readonly (readonly [RegExp, number])[] = [
  [
    /not_?found|no_?such|unknown(?!_?(?:fault|error|exception)?$)|(?:does_?)?not_?exists?|missing_?(?:record|resource)|ikke_?funnet/i,
    404,
  ],
  [/exists|duplicate|conflict|concurren|already|in_?use/i, 409],
  [/denied|unauthori[sz]ed|not_?authori[sz]ed|forbidden|permission|not_?allowed|security|sikkerhet/i, 403],
  [/invalid|validation|bad_?request|illegal|constraint|malformed|unprocessable|incorrect|ugyldig/i, 422],
]

/** The status that suits a fault, by its name; 502 where the name says nothing. */
export function statusOfFault(...names: readonly string[]): number {
  for (const name of names) {
    const found = guesses.find(([pattern]) => pattern.test(name))
    if (found) return found[1]
  }
  return 502
}
