import { existsSync } from 'node:fs'
import { join } from 'node:path'

/** What a tool says that was pointed at the wrong folder. @throws Error with a sentence where there is no log. */
export const requireLog = (dataDir: string): void => {
  if (!existsSync(join(dataDir, 'events.db')))
    throw new Error(
      `There is no log in ${dataDir}: set DATA_DIR to the folder the service keeps its data in.`,
    )
}
