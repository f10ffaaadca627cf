const guesses: readonly (readonly [RegExp, number])[] = [
  [
    /not_?found|no_?such|unknown(?!_?(?:fault|error|exception)?$)|(?:does_?)?not_?exists?|missing_?(?:record|resource)|ikke_?funnet|no_?(?:data|result|record|match)|nicht_?gefunden|no_?encontrado|nao_?encontrado|introuvable|non_?trovato|niet_?gevonden|nenalezen|bulunamadi/i,
    404,
  ],
  [
    /(?<!not_?)exists|exist(?:ing|e_?deja)|duplicate|conflict|concurren|already|in_?use|(?:wrong|invalid|illegal)_?state|optimistic|lock(?:ed)?_?(?:fault|error|exception)|stale|finnes_?(?:allerede|fra)|modified|uniqueness|vorhanden|duplicado|ya_?existe/i,
    409,
  ],
  [/too_?many|rate_?limit|throttl|quota/i, 429],
  [
    /(?:time|timed)_?out|unavailable|temporar|overload|busy|maintenance|nicht_?verfuegbar|utilgjengelig/i,
    503,
  ],
  [
    /denied|unauthori[sz]ed|not_?authori[sz]ed|forbidden|permission|not_?(?:allowed|permitted)|security|sikkerhet|access|authenticat|authori[sz]ation|login|credential|session|token|privilege|sikkerhetsbegrensning|berechtigung|acceso|nicht_?erlaubt/i,
    403,
  ],
  [
    /invalid|validation|bad_?request|illegal|constraint|malformed|unprocessable|incorrect|ugyldig|input|argument|parameter|(?<!in)format|missing|required|mandatory|unsupported|not_?supported|business|rule|precondition|ungueltig|invalido|non_?valid|ongeldig|neplatn|gecersiz|limit|insufficient|exceed|expired/i,
    422,
  ],
]

/** The status that suits a fault, by its name; 502 where the name says nothing. */
export function statusOfFault(...names: readonly string[]): number {
  for (const name of names) {
    const found = guesses.find(([pattern]) => pattern.test(name))
    if (found) return found[1]
  }
  return 502
}
