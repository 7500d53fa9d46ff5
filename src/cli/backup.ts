/**
 * `npm run backup -- DIR`: copies the log to DIR/log and the keys to DIR/keys, also while the service runs. Exit code
 * 0: both are whole and on the disk; 1: it could not be done, and DIR holds no backup.
 */
import '../umask.ts'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { backUp } from '../backup.ts'
import { readConfig } from '../config.ts'
import { requireKeysOfLog } from '../keys/keysOfLog.ts'
import { requireKeys } from '../keys/masterKey.ts'
import { grouped, startProgress } from './progress.ts'
import { requireLog } from './requireLog.ts'

const usage = `Usage: npm run backup -- DIR
DIR gets the folders log and keys; keep them apart. DATA_DIR names the data folder.`

const folderOf = (args: string[]): string => {
  const { positionals } = parseArgs({ args, options: {}, allowPositionals: true, strict: true })
  const [dir, ...more] = positionals
  if (dir === undefined || more.length > 0) throw new Error(usage)
  return dir
}

const run = async (): Promise<void> => {
  const dir = folderOf(process.argv.slice(2))
  const config = readConfig(process.env)
  const { dataDir, masterKey } = config
  requireLog(config)
  requireKeys(dataDir)
  requireKeysOfLog(dataDir)
  const progress = startProgress({ label: 'backup', unit: 'pages' })
  const { events, keys, hasMasterKey } = await backUp(dataDir, dir, progress.update)
  console.log(
    `${grouped(events)} events in ${join(dir, 'log')}, ${grouped(keys)} keys in ${join(dir, 'keys')}.`,
  )
  console.log(
    hasMasterKey && masterKey === undefined
      ? 'The master key is with the keys: who has that folder and the log can read every customer.'
      : 'MASTER_KEY is not in it: without it the keys open nothing, so keep it too.',
  )
}

run().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = 1
})
