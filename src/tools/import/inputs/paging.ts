import { plainWords } from '../words/names.js'
import type { ScalarInput } from './inputs.js'

const starts = new Set(
  (
    'page pageno pagenumber pageindex pagenum currentpage offset skip start startindex startrow startrecord startat from firstresult firstrow ' +
    'firstrecord startposition cursor nextcursor pagetoken nextpagetoken continuationtoken bookmark pagina seite'
  ).split(' '),
)
const sizes = new Set(
  (
    'pagesize pagelength perpage itemsperpage recordsperpage resultsperpage rowsperpage limit count maxresults maxresult maxrows maxrecords ' +
    'maxitems maxcount maxnumber maxentries numberofresults numberofrecords numberofrows rowcount numrows numresults fetchsize batchsize top take ' +
    'tamanopagina seitengroesse'
  ).split(' '),
)

/**
 * The parameters of a list that choose a page of it: where it starts and how much it holds, or one of these where its name
 * can mean nothing else.
 */
export function pagingIn(inputs: readonly ScalarInput[]): readonly ScalarInput[] {
  const single = inputs.filter(({ repeated }) => !repeated)
  const start = single.filter((input) => starts.has(plainName(input)))
  const size = single.filter((input) => sizes.has(plainName(input)))
  if (start.length > 0 && size.length > 0) return [...start, ...size]
  return [...start, ...size].filter((input) =>
    /page|max|offset|limit|cursor|continuation/.test(plainName(input)),
  )
}

function plainName({ xmlName }: ScalarInput): string {
  return plainWords(xmlName).join('')
}
