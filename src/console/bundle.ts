/** Builds the console's page with esbuild, a development dependency. */
import { basename, join } from 'node:path'
import type { Metafile } from 'esbuild'
import type { ConsoleBuild } from '../../api/console/port.ts'

export const sourceFolder = join(import.meta.dirname, '../../api/console/page')

/** The screens of everyday work, and what they import, are there before the entry has run. */
const everyday = 'screens/desks.ts'

type Outputs = Metafile['outputs']

const outputOf = (outputs: Outputs, entryPoint: string): string =>
  (Object.entries(outputs).find(([, output]) => output.entryPoint === entryPoint) as [string, unknown])[0]

/** An output and all that it imports. */
const withImports = (outputs: Outputs, name: string, found = new Set<string>()): Set<string> => {
  if (found.has(name)) return found
  found.add(name)
  for (const { path, kind } of outputs[name]?.imports ?? [])
    if (kind === 'import-statement') withImports(outputs, path, found)
  return found
}

/**
 * Bundles and minifies the page in memory. Reports and settings are files of their own, loaded when somebody opens one.
 * @throws Error where esbuild is not installed or the sources do not compile
 */
export const bundle = async (): Promise<ConsoleBuild> => {
  const { build, stop } = await import('esbuild')
  try {
    const { outputFiles, metafile } = await build({
      absWorkingDir: sourceFolder,
      entryPoints: ['main.tsx'],
      outdir: 'out',
      write: false,
      metafile: true,
      bundle: true,
      splitting: true,
      format: 'esm',
      target: 'es2022',
      minify: true,
      charset: 'utf8',
      entryNames: 'console-[hash]',
      chunkNames: 'part-[hash]',
      jsx: 'automatic',
      jsxImportSource: 'preact',
      logLevel: 'silent',
    })
    const assets = new Map(outputFiles.map(({ path, contents }) => [basename(path), contents]))
    const { outputs } = metafile
    const entry = outputOf(outputs, 'main.tsx')
    const preload = [...withImports(outputs, outputOf(outputs, everyday), withImports(outputs, entry))]
    return {
      script: basename(entry),
      style: basename(outputs[entry]?.cssBundle ?? ''),
      preload: preload.filter((name) => name !== entry).map((name) => basename(name)),
      assets,
    }
  } finally {
    // its process would keep ours alive
    await stop()
  }
}
