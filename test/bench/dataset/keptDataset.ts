/** The dataset that is made once and kept between runs, and a copy of it for what writes. */
import { constants, cpSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import { DAY, toEpoch } from '../../../domain/instant.ts'
import { type Dataset, datasetIn } from './dataset.ts'

/** Raised when another dataset is made than before: one of an older version is made again. */
const datasetVersion = 1

/** One that ends longer ago, ms, is made again: its open tickets and its newest quarter are no longer those of now. */
const staleAfter = 7 * DAY

const cacheFolder = (): string =>
  join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'complaints-bench')

/** Where the dataset of so many tickets is kept: in the user's cache folder. */
export const keptFolder = (tickets: number): string => join(cacheFolder(), `v${datasetVersion}-${tickets}`)

/**
 * The kept dataset, if it can be used; else `null`, and its folder is gone, with those of other versions.
 * @param isFresh it is to be made again
 */
export const keptDataset = (tickets: number, isFresh: boolean): Dataset | null => {
  const folder = keptFolder(tickets)
  const kept = isFresh ? null : datasetIn(folder)
  if (kept !== null && Date.now() - toEpoch(kept.until) < staleAfter) return kept
  const cache = cacheFolder()
  for (const name of existsSync(cache) ? readdirSync(cache) : [])
    if (name.endsWith(`-${tickets}`)) rmSync(join(cache, name), { recursive: true })
  return null
}

/** A copy in the folder for temporary files; where the file system can, it shares the blocks. */
export const copyOf = (dataset: Dataset): Dataset => {
  const folder = mkdtempSync(join(tmpdir(), 'complaints-bench-'))
  cpSync(dataset.folder, folder, { recursive: true, mode: constants.COPYFILE_FICLONE })
  return { ...dataset, folder }
}
