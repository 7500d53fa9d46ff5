/** Builds the console's page with esbuild, a development dependency. */
import { basename, join } from 'node:path'
import type { ConsoleBuild } from '../../api/console/port.ts'

export const sourceFolder = join(import.meta.dirname, '../../api/console/page')

/**
 * Bundles and minifies the page in memory. Desks are files of their own, loaded when somebody opens one.
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
    const [script, { cssBundle = '' }] = Object.entries(metafile.outputs).find(
      ([, { entryPoint }]) => entryPoint === 'main.tsx',
    ) as [string, { cssBundle?: string }]
    return { script: basename(script), style: basename(cssBundle), assets }
  } finally {
    // its process would keep ours alive
    await stop()
  }
}
