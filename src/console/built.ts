/** The built files of the console in a folder: written by `npm run console`, read at start. */
import {
  existsSync,
  globSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { z } from 'zod'
import type { ConsoleBuild } from '../../api/console/port.ts'
import { bundle, sourceFolder } from './bundle.ts'

/** Where the built files are. The image has them from a stage of its own. */
export const builtFolder = join(import.meta.dirname, '../../build/console')

const manifestName = 'manifest.json'
const manifestSchema = z.strictObject({ script: z.string(), style: z.string(), preload: z.array(z.string()) })

/** Whether no source is newer than what was built from it. */
const isFresh = (manifest: string, sources: string): boolean => {
  const builtAt = statSync(manifest).mtimeMs
  return globSync('**/*.{ts,tsx,css,json}', { cwd: sources }).every(
    (file) => statSync(join(sources, file)).mtimeMs <= builtAt,
  )
}

/** The built files; `null` where there are none, or older ones than the sources. */
export const readBuilt = (folder = builtFolder, sources = sourceFolder): ConsoleBuild | null => {
  const manifest = join(folder, manifestName)
  if (!existsSync(manifest) || !isFresh(manifest, sources)) return null
  const names = manifestSchema.parse(JSON.parse(readFileSync(manifest, 'utf8')))
  const files = readdirSync(folder).filter((name) => name !== manifestName)
  return { ...names, assets: new Map(files.map((name) => [name, readFileSync(join(folder, name))])) }
}

/** Puts the built files in place of those there, in one step: a service that starts meanwhile reads whole ones. */
export const writeBuilt = ({ assets, ...names }: ConsoleBuild, folder = builtFolder): void => {
  const fresh = `${folder}.${process.pid}`
  mkdirSync(fresh, { recursive: true, mode: 0o755 })
  for (const [name, body] of assets) writeFileSync(join(fresh, name), body, { mode: 0o644 })
  writeFileSync(join(fresh, manifestName), JSON.stringify(names), { mode: 0o644 })
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(dirname(folder), { recursive: true })
  renameSync(fresh, folder)
}

/** The built files, or the page bundled now. @throws Error as `bundle` */
export const loadConsole = async (): Promise<ConsoleBuild> => readBuilt() ?? (await bundle())
