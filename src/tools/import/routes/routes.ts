import { identified } from '../inputs/identifiers.js'
import { kebab } from '../words/names.js'
import { actions, ownerActions } from './actions.js'
import { checkRoutes } from './checks.js'
import { linkRoutes } from './links.js'
import { productRoutes } from './products.js'
import { readRoutes } from './reads.js'
import { bare, type Route } from './route.js'
import type { Subject } from './subject.js'
import { createRoutes, deleteRoutes, updateRoutes } from './writes.js'

/** Routes that suit an operation, the best first; the last ones are never taken by another operation's design. */
export function routesOf(subject: Subject): Route[] {
  const { name } = subject
  if (name.area.length > 0) return areaRoutes(subject)
  const routes = [...plainRoutes(subject), bare(subject)]
  if (name.variant.length === 0) return routes
  const [first, ...others] = routes
  // `getOrderV2` beside `getOrder`: the version is the last step, whatever the method.
  return first ? [first, withEnd(first, kebab(name.variant)), ...others] : routes
}

/** Below what several operations say before their verbs: `/joark/application-version`, `/param/tipos-iva`. */
function areaRoutes(subject: Subject): Route[] {
  const { name, inputs } = subject
  const isThing = inputs.scalars.some((scalar) => kebab(identified(scalar) ?? []) === kebab(name.area))
  const inside: Subject = {
    ...subject,
    name: { ...name, area: [], ...(isThing && { noun: [...name.area, ...name.noun] }) },
  }
  const start = isThing ? [] : [kebab(name.area)]
  return routesOf(inside).map((route) => ({ ...route, segments: [...start, ...route.segments] }))
}

function withEnd(route: Route, end: string): Route {
  return { ...route, segments: [...route.segments, end] }
}

function isEmpty({ scalars, others, isOpen }: Subject['inputs']): boolean {
  return scalars.length + others.length === 0 && !isOpen
}

function plainRoutes(subject: Subject): Route[] {
  const { name, inputs, resources } = subject
  const noun = resources.nounOf(name, inputs)
  switch (name.intent) {
    case 'read':
    case 'search':
      return readRoutes(subject, noun)
    case 'check':
      // Who says who is alive tells it, and does not ask.
      if (name.verb === 'heartbeat' && noun.length > 0 && inputs.scalars.length > 0)
        return actions(subject, noun)
      return checkRoutes(subject, noun)
    case 'create':
      if (noun.length === 0) return [...ownerActions(subject), ...productRoutes(subject)]
      return [...createRoutes(subject, noun), ...actions(subject, noun)]
    case 'update':
      if (noun.length === 0) return ownerActions(subject)
      return [...updateRoutes(subject, noun), ...actions(subject, noun)]
    case 'delete':
      if (noun.length === 0) return ownerActions(subject)
      return [...deleteRoutes(subject, noun), ...actions(subject, noun)]
    case 'action':
      return noun.length === 0
        ? [...ownerActions(subject), ...productRoutes(subject)]
        : [...linkRoutes(subject, noun), ...actions(subject, noun)]
    case undefined:
      return [
        ...(isEmpty(inputs) ? [] : productRoutes(subject)),
        {
          ...bare(subject),
          decision:
            'POST to its own name, since no verb that is known tells what it does; edit method and path',
        },
      ]
  }
}
