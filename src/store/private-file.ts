import { chmodSync, closeSync, mkdirSync, openSync, statSync } from 'node:fs'
import { dirname } from 'node:path'

const OWNER_ALONE = 0o600
const OTHERS = 0o077

/**
 * Makes a file that its owner alone can read, whatever the folder and the umask say, and its folder where need be. One
 * that is there already, with those that SQLite has put beside it, is taken away from others.
 *
 * @throws Error where the file cannot be written
 */
export function makePrivate(file: string): void {
  makePrivateFolder(dirname(file))
  closeSync(openSync(file, 'a', OWNER_ALONE))
  for (const path of [file, `${file}-wal`, `${file}-shm`]) takeFromOthers(path)
}

/**
 * Makes a folder for its owner alone, with those above it that are missing. `mkdir` with `recursive` tries for ever where a
 * folder that is there takes none, as below `/proc` and on mounts that behave like it: the start would hang without a word.
 *
 * @throws Error where it cannot be made
 */
export function makePrivateFolder(path: string): void {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) return
  if (dirname(path) !== path) makePrivateFolder(dirname(path))
  try {
    mkdirSync(path, { mode: 0o700 })
  } catch (error) {
    // Another process may have made it meanwhile.
    if (!statSync(path, { throwIfNoEntry: false })?.isDirectory()) throw error
  }
}

function takeFromOthers(path: string): void {
  const mode = statSync(path, { throwIfNoEntry: false })?.mode
  if (mode === undefined || (mode & OTHERS) === 0) return
  try {
    chmodSync(path, mode & 0o700)
  } catch (error) {
    // Of another owner, as on volumes that a group shares: who mounts them decides.
    if (!(error instanceof Error && 'code' in error && error.code === 'EPERM')) throw error
  }
}
