import { clark } from '../../base/qname.js'
import { internName } from '../../xml/names.js'
import { COMPETES, conflictsOf, hasOwnNames, type ParticleShape } from '../../xsd/content/attribution.js'
import { ContentMatcher } from '../../xsd/content/matcher.js'
import type { ContentModel } from '../../xsd/content/model.js'
import { matchContent, ownElementsOf } from './content-walk.js'
import type { ContentMapping, GroupMapping } from './value-mapping.js'

/**
 * What it takes to match the children of an element with its content model:
 *
 * - `look-ahead`: one of them, each particle taking as many as it can
 * - `matcher`: all of them, for particles compete
 * - `too-large`: more than we do, for the content model counts too far
 */
export type ContentPlan =
  | { readonly kind: 'look-ahead' | 'too-large' }
  | { readonly kind: 'matcher'; readonly matcher: ContentMatcher<ContentMapping> }

const plans = new WeakMap<ContentMapping, ContentPlan>()

const LOOK_AHEAD: ContentPlan = { kind: 'look-ahead' }

/** Finds out what it takes. */
export function planOf(content: ContentMapping): ContentPlan {
  const known = plans.get(content)
  if (known) return known
  const plan = findPlan(content)
  plans.set(content, plan)
  return plan
}

function findPlan(content: ContentMapping): ContentPlan {
  if (hasOwnNames(content, shapeOf)) return LOOK_AHEAD
  const model = modelOf(content)
  if (conflictsOf(model).length === 0) return LOOK_AHEAD
  const matcher = ContentMatcher.of(model)
  return matcher ? { kind: 'matcher', matcher } : { kind: 'too-large' }
}

const groupShape = ({ maxOccurs, particles }: GroupMapping): ParticleShape<ContentMapping> => ({
  maxOccurs,
  parts: particles,
})

function shapeOf(content: ContentMapping): ParticleShape<ContentMapping> {
  return matchContent<ParticleShape<ContentMapping>>(content, {
    element: ({ branches, name }) => (branches ? COMPETES : { names: [name.localName] }),
    any: () => COMPETES,
    group: groupShape,
    repeatedGroup: groupShape,
  })
}

function modelOf(source: ContentMapping): ContentModel<ContentMapping> {
  const { minOccurs, maxOccurs } = source
  const group = ({ kind, particles }: GroupMapping): ContentModel<ContentMapping> => ({
    kind,
    minOccurs,
    maxOccurs,
    source,
    parts: particles.map(modelOf),
  })
  return matchContent<ContentModel<ContentMapping>>(source, {
    element: (element) => ({
      kind: 'leaf',
      minOccurs,
      maxOccurs,
      source,
      names: (element.branches ? ownElementsOf(element.branches) : [element]).map(({ name }) =>
        internName(clark(name)),
      ),
    }),
    any: ({ wildcard }) => ({ kind: 'leaf', minOccurs, maxOccurs, source, names: wildcard.namespaces }),
    group,
    repeatedGroup: group,
  })
}
