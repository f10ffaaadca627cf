import type { Construct } from '../construct.js'
import { attributes } from './attributes.js'
import { contentModels } from './content-models.js'
import { elements } from './elements.js'
import { schemas } from './schemas.js'
import { simpleTypes } from './simple-types.js'

/** Every construct of XML Schema, by the headings of docs/features.md. */
export const chapters: readonly (readonly [heading: string, constructs: readonly Construct[]])[] = [
  ['Elements', elements],
  ['Content models', contentModels],
  ['Attributes', attributes],
  ['Simple types', simpleTypes],
  ['Schema documents', schemas],
]
