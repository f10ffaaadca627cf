import { randomUUID } from 'node:crypto'
import { escapeAttribute, escapeText } from '../../xml/escape.js'

/** A name for an element that no other of the message has: an xs:ID, so it begins with a letter and has no colon. */
export function newId(prefix: string): string {
  // Node makes UUIDs of randomness that it has in store, in a tenth of the time.
  return `${prefix}-${randomUUID()}`
}

/** An instant in UTC, to the second: all stacks read it, some choke on fractions. */
export function instant(date: Date): string {
  return `${date.toISOString().slice(0, 19)}Z`
}

/** @param attributes by name as written; undefined leaves one out */
export function element(
  name: string,
  attributes: Readonly<Record<string, string | undefined>>,
  content: string,
): string {
  let tag = `<${name}`
  for (const key in attributes) {
    const value = attributes[key]
    if (value !== undefined) tag += ` ${key}="${escapeAttribute(value)}"`
  }
  return `${tag}>${content}</${name}>`
}

export function textElement(
  name: string,
  attributes: Readonly<Record<string, string | undefined>>,
  text: string,
): string {
  return element(name, attributes, escapeText(text))
}
