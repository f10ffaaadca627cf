import type { KeyMaterialContext } from '../../ws-security/certificates/key-material.js'
import { attachmentParts } from '../../ws-security/policy.js'
import { readPem } from '../reader/pem.js'
import type { AnnotationReader } from '../reader/reader.js'

/** What the values of `security` are read against. */
export interface Surroundings {
  /** Of the backend, where the annotation has one. */
  readonly endpoint: string | undefined
  /** Milliseconds since 1970. */
  readonly now: number
}

export function report(reader: AnnotationReader, key: string, message: string): void {
  reader.diagnostics.error('wss-policy', message, reader.at(key))
}

export function material(reader: AnnotationReader, { now }: Surroundings): KeyMaterialContext {
  return { diagnostics: reader.diagnostics, at: (key) => reader.at(key), now }
}

export function pemOf(reader: AnnotationReader, key: string, text: string | undefined): string | undefined {
  return readPem(reader, key, text, 'wss-key')?.toString('utf8')
}

/** A list of one or more known words, or of none where that says something. */
export function readWords<T extends string>(
  reader: AnnotationReader,
  key: string,
  known: readonly T[],
  { mayBeEmpty = false }: { readonly mayBeEmpty?: boolean } = {},
): readonly T[] | undefined {
  const texts = reader.texts(key)
  if (!texts) return undefined
  const words = known.filter((word) => texts.includes(word))
  const strange = texts.find((text) => !known.some((word) => word === text))
  if (strange !== undefined || (words.length === 0 && !(mayBeEmpty && texts.length === 0))) {
    report(reader, key, `${key} is a list of one or more of ${known.join(', ')}.`)
  }
  return words
}

/** Attachments are protected in one way, and beside something that is always there. */
export function checkAttachmentParts(
  reader: AnnotationReader,
  parts: readonly string[],
  { mayStandAlone }: { readonly mayStandAlone: boolean },
): void {
  const asked = attachmentParts.filter((part) => parts.includes(part))
  if (asked.length > 1) {
    report(
      reader,
      'parts',
      'parts has attachments and complete-attachments: the first is their content, the second their header fields as well.',
    )
  } else if (!mayStandAlone && asked.length === parts.length && asked.length > 0) {
    report(
      reader,
      'parts',
      'parts has attachments alone: a message without them would have nothing to sign. Add body.',
    )
  }
}

export function weakHash(reader: AnnotationReader, key: string): void {
  reader.diagnostics.warning(
    'wss-weak',
    'SHA-1 is broken; use SHA-256 where the backend can.',
    reader.at(key),
  )
}

const STRONG_PASSWORD = 16

/** Whoever reads a message can try passwords on its signature, at their leisure. */
export function checkPasswordOfKey(reader: AnnotationReader, password: string | undefined): void {
  if (password === undefined || password.length >= STRONG_PASSWORD) return
  reader.diagnostics.warning(
    'wss-weak',
    `A key is made of the password: whoever reads a message can try passwords on it. Agree on one of ${STRONG_PASSWORD} characters or more that a machine has chosen.`,
    reader.at('password'),
  )
}

/** Reports keys of a part of `security` that only say something where there is no key of the call. */
export function refuseBeside(
  reader: AnnotationReader,
  part: 'encryption' | 'decryption' | 'verify',
  keys: readonly string[],
): void {
  for (const key of keys) {
    reader.ignore(key)
    if (reader.value[key] === undefined) continue
    report(reader, key, `symmetric says with which key messages are made: ${part} takes no ${key} beside it.`)
  }
}
