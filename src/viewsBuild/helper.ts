/** Builds a part of the views in a thread of its own, for the views do not need each other and there is a log for all. */
import type { KeyObject } from 'node:crypto'
import { Worker } from 'node:worker_threads'
import type { allProjections } from '../../projections/allProjections.ts'
import type { ViewsHelper } from '../../projections/runner.ts'
import { removeDatabase } from '../../projections/viewsFile.ts'

export type PartFiles = { events: string; keys: string; views: string }

/** The task of the thread. */
export type PartOrder = {
  files: PartFiles
  /** The file to build, beside the views. */
  part: string
  masterKey: KeyObject
  names: readonly (keyof typeof allProjections)[]
  upTo: string
}

/** About half of the work: they look at few of the events, but open every customer's sealed text and keep the spans. */
const names = ['customers', 'kpi', 'warnings'] as const

/** Starting a thread takes as long as folding some ten thousand events. */
const worthIt = 50_000

/** Megabytes of young objects a thread may have: with fewer it collects garbage all the time. */
const youngMb = 48

/** A helper for views over the embedded engine, whose positions count the events; `least` is the fewest it takes on. */
export const createViewsHelper = (
  files: PartFiles,
  masterKey: KeyObject,
  { least = worthIt }: { least?: number } = {},
): ViewsHelper => {
  const part = `${files.views}.part`
  return (upTo, signal) => {
    // what a build left that was interrupted
    removeDatabase(part)
    if (Number(upTo) < least) return null
    const order: PartOrder = { files, part, masterKey, names, upTo }
    const worker = new Worker(new URL('./partWorker.ts', import.meta.url), {
      workerData: order,
      resourceLimits: { maxYoungGenerationSizeMb: youngMb },
    })
    const done = new Promise<string | null>((resolve) => {
      // its error comes up again, and is reported, when the views are built without it
      worker.on('error', () => {})
      worker.on('exit', (code) => resolve(code === 0 && !signal.aborted ? part : null))
    })
    signal.addEventListener('abort', () => void worker.terminate())
    return {
      names,
      done,
      clear: async () => {
        await worker.terminate()
        removeDatabase(part)
      },
    }
  }
}
