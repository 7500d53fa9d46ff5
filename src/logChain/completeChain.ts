import { setImmediate as yieldToEvents } from 'node:timers/promises'
import type { Logger } from 'pino'
import { openLog } from '../store/sqliteLog.ts'
import { chainSome } from './sqliteChain.ts'

const tellEveryMs = 2_000

/** Computes the digests of a log of an older version before the service writes to it, and says how far it is. */
export const completeChain = async (file: string, log: Logger): Promise<void> => {
  const db = openLog(file, false)
  try {
    let told = Date.now()
    let last: number | null = null
    for (let position = chainSome(db); position !== null; position = chainSome(db)) {
      last = position
      await yieldToEvents()
      if (Date.now() - told < tellEveryMs) continue
      told = Date.now()
      log.info({ position }, 'digests of the log are being computed')
    }
    if (last !== null) log.info({ position: last }, 'the log has its digests')
  } finally {
    db.close()
  }
}
