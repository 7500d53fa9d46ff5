/**
 * `npm run backup -- DIR`: copies the log to DIR/log and the keys to DIR/keys, also while the service runs. Where it
 * could not be done, DIR holds no backup.
 */
import '../umask.ts'
import { join } from 'node:path'
import { backUp } from '../backup.ts'
import { readConfig } from '../config.ts'
import { requireKeysOfLog } from '../keys/keysOfLog.ts'
import { requireKeys } from '../keys/masterKey.ts'
import { shownUrl } from '../shownConfig.ts'
import { runCommand } from './command.ts'
import { grouped, startProgress } from './progress.ts'
import { requireLog } from './requireLog.ts'

const usage = `Usage: npm run backup -- DIR
DIR gets the folders log and keys; keep them apart. DATA_DIR names the data folder.`

await runCommand({ usage, positionals: 1 }, async ({ positionals: [dir = ''] }) => {
  const config = readConfig(process.env)
  const { dataDir, masterKey } = config
  requireLog(config)
  requireKeys(dataDir)
  requireKeysOfLog(dataDir)
  const progress = startProgress({ label: 'backup', unit: 'pages' })
  const { events, keys, attachments, hasMasterKey } = await backUp(dataDir, dir, progress.update)
  console.log(
    `${grouped(events)} events in ${join(dir, 'log')}, ${grouped(keys)} keys in ${join(dir, 'keys')}.`,
  )
  console.log(
    config.attachments.kind === 's3'
      ? `Attachments are in ${shownUrl(config.attachments.url)} and not in the backup: keep versions there.`
      : `${grouped(attachments)} attachments in ${join(dir, 'log', 'attachments')}.`,
  )
  console.log(
    hasMasterKey && masterKey === undefined
      ? 'The master key is with the keys: who has that folder and the log can read every customer.'
      : 'MASTER_KEY is not in it: without it the keys open nothing, so keep it too.',
  )
  return 0
})
