import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Config } from '../config.ts'

/**
 * What a tool for the embedded engine says that was pointed at the wrong folder, or at another engine.
 * @throws Error with a sentence where there is no log of that engine.
 */
export const requireLog = ({ dataDir, eventStore }: Pick<Config, 'dataDir' | 'eventStore'>): void => {
  if (eventStore !== 'sqlite')
    throw new Error(
      'This is for the embedded engine, and EVENT_STORE names EventStoreDB: see "EventStoreDB" in the README.',
    )
  if (!existsSync(join(dataDir, 'events.db')))
    throw new Error(
      `There is no log in ${dataDir}: set DATA_DIR to the folder the service keeps its data in.`,
    )
}
