import type { Logger } from 'pino'
import { removeDatabase } from '../projections/viewsFile.ts'
import { strangeViews } from '../projections/viewsOrigin.ts'

/**
 * Removes a views file that is not of this log, so that the views are rebuilt from it, and says so.
 * @returns whether it did.
 */
export const removeStrangeViews = async (
  file: string,
  of: Parameters<typeof strangeViews>[1],
  log: Logger,
): Promise<boolean> => {
  const why = await strangeViews(file, of)
  if (why === null) return false
  log.warn({ file, why }, 'the views are not of this log: they are rebuilt from it')
  removeDatabase(file)
  return true
}
