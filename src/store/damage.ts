import { isDamage } from '../../projections/viewsFile.ts'

/**
 * Does what reads a file of the data folder.
 * @throws Error with a sentence that names the file and says what to do, where SQLite finds it damaged. SQLite's own
 * words quote nothing of what is stored.
 */
export const namingDamage = <T>(file: string, work: () => T): T => {
  try {
    return work()
  } catch (error) {
    if (!isDamage(error)) throw error
    throw new Error(
      `${file} is damaged: ${(error as Error).message}. Keep a copy of it, put the file back from a backup, and start again; "npm run verify" lists what is damaged.`,
    )
  }
}
