/** What programs that were killed have left behind: half-built views, drafts of keys, temporary folders of `verify`. */
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Databases that nobody goes on with, and what SQLite keeps beside them. */
const halfBuilt = /^(views\.new\.db|views\.db\.part|views\.new\.db\.part)(-wal|-shm|-journal)?$/
/** Linked into place as soon as it is written; another process may be at it just now. */
const keyDraft = /^(master|development)\.key\.[\da-f]{12}$/
const draftAgeMs = 60_000
const engineFolder = /^esdb-[\w-]+$/

const temporary = /^complaint-tickets-(\d+)-/

const isRunning = (pid: number): boolean => {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH'
  }
}

const isOld = (path: string): boolean => Date.now() - statSync(path).mtimeMs > draftAgeMs

const leftIn = (dir: string): string[] =>
  readdirSync(dir)
    .map((name) => ({ name, path: join(dir, name) }))
    .filter(({ name, path }) => halfBuilt.test(name) || (keyDraft.test(name) && isOld(path)))
    .map(({ path }) => path)

/** A folder for this process alone, which a later one removes where this one is killed. */
export const temporaryDir = (): string => mkdtempSync(join(tmpdir(), `complaint-tickets-${process.pid}-`))

/** Removes temporary folders of processes that are gone. */
export const removeTemporary = (): void => {
  for (const name of readdirSync(tmpdir())) {
    const pid = temporary.exec(name)?.[1]
    if (pid === undefined || isRunning(Number(pid))) continue
    // of another user it stays
    try {
      rmSync(join(tmpdir(), name), { recursive: true, force: true })
    } catch {}
  }
}

/**
 * Removes what killed programs left in a data folder. The caller has the folder's lock.
 * @returns the paths that were removed.
 */
export const removeLeftovers = (dataDir: string): string[] => {
  if (!existsSync(dataDir)) return []
  const folders = readdirSync(dataDir, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && engineFolder.test(entry.name))
    .map(({ name }) => join(dataDir, name))
  const found = [dataDir, ...folders].flatMap(leftIn)
  for (const path of found) rmSync(path, { force: true })
  removeTemporary()
  return found
}
