/** The files of the repository that the tests of the documents read. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('../..', import.meta.url))

const skipped = new Set(['node_modules', 'data', 'demo-data', 'coverage', 'tmp'])

const under = (folder: string): string[] =>
  readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    if (entry.name.startsWith('.') || skipped.has(entry.name)) return []
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`
    return entry.isDirectory() ? under(path) : [path]
  })

/** Paths of all files with one of these extensions, relative to the repository, sorted. */
export const filesOf = (...extensions: string[]): string[] =>
  under('')
    .filter((path) => extensions.some((extension) => path.endsWith(extension)))
    .sort()

export const textOf = (path: string): string => readFileSync(join(root, path), 'utf8')
