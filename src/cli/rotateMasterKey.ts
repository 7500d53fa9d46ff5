/**
 * `npm run rotate-master-key`: wraps the keys of all customers under a new master key. The service must not be running.
 * Killed at any step it is run again; until it has said that it is done, the old key is the right one.
 */
import '../umask.ts'
import { existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { type Config, readConfig } from '../config.ts'
import { requireKeysOfLog } from '../keys/keysOfLog.ts'
import { completeKeyChange, loadMasterKey, loadNewMasterKey, requireKeys } from '../keys/masterKey.ts'
import { type Rotation, rotateKeyFile } from '../keys/rotateFile.ts'
import { rotateLog } from '../keys/rotateLog.ts'
import { lockDataFolder } from '../store/dataFolderLock.ts'
import type { EsdbAddress } from '../store/esdb/address.ts'
import { openEsdbStore } from '../store/esdb/store.ts'
import { runCommand } from './command.ts'
import { grouped, startProgress } from './progress.ts'
import { requireLog } from './requireLog.ts'

const usage = `Usage: npm run rotate-master-key
DATA_DIR names the data folder; the service must not be running, on EventStoreDB no node.
MASTER_KEY is the key of now and NEW_MASTER_KEY the new one. Where the key of now is the file master.key, NEW_MASTER_KEY may be left out: a new file is made.`

const newKey = process.env.NEW_MASTER_KEY
const isGiven = (key: string | undefined): boolean => key !== undefined && key.trim() !== ''

const keysOf = ({ dataDir, masterKey }: Config): Rotation => {
  if (isGiven(masterKey) && !isGiven(newKey))
    throw new Error('Set NEW_MASTER_KEY to the new key. Make one with: openssl rand -base64 32')
  return { from: loadMasterKey(dataDir, masterKey), to: loadNewMasterKey(dataDir, newKey) }
}

const say = (count: number | null): void =>
  console.log(
    count === null
      ? 'The keys are under the new master key already.'
      : `${grouped(count)} keys are under the new master key.`,
  )

const sayNewKey = (): void =>
  console.log(
    'Start the service with MASTER_KEY set to the new key. Keep the old one as long as you keep backups that were made under it.',
  )

const rotateFolder = (config: Config): void => {
  const { dataDir, masterKey } = config
  requireLog(config)
  requireKeys(dataDir)
  requireKeysOfLog(dataDir)
  const unlock = lockDataFolder(dataDir)
  try {
    const progress = startProgress({ label: 'keys', unit: 'keys' })
    const count = rotateKeyFile(join(dataDir, 'keys.db'), keysOf(config), progress.update)
    if (count !== null) progress.end(count)
    say(count)
    if (isGiven(newKey)) {
      // the file has the old key, and would be taken for the right one
      if (!isGiven(masterKey)) rmSync(join(dataDir, 'master.key'), { force: true })
      sayNewKey()
    } else {
      completeKeyChange(dataDir)
      console.log(
        `The new key is in ${join(dataDir, 'master.key')}. Make a backup: those of before are under the old key.`,
      )
    }
  } finally {
    unlock()
  }
}

const rotateOnServer = async (config: Config, address: EsdbAddress): Promise<void> => {
  if (!isGiven(newKey))
    throw new Error('Set NEW_MASTER_KEY to the new key, the same for every node: openssl rand -base64 32')
  if (!isGiven(config.masterKey) && !existsSync(join(config.dataDir, 'master.key')))
    throw new Error('Set MASTER_KEY to the key of now, or DATA_DIR to the folder of a node that has it.')
  const keys = keysOf(config)
  const store = openEsdbStore({ address })
  try {
    const progress = startProgress({ label: 'keys', unit: 'keys' })
    const count = await rotateLog(store, keys, progress.update)
    if (count !== null) progress.end(count)
    say(count)
    sayNewKey()
    console.log(
      'Each node reads the keys again at its next start. Scavenge the server to remove the old ones.',
    )
  } finally {
    await store.close()
  }
}

await runCommand({ usage }, async () => {
  const config = readConfig(process.env)
  const { eventStore } = config
  if (eventStore === 'sqlite') rotateFolder(config)
  else await rotateOnServer(config, eventStore)
  return 0
})
