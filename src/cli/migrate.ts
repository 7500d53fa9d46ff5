/**
 * `npm run migrate -- --from sqlite --to esdb://…`: copies the log and the keys of the data folder to EventStoreDB.
 * The service must not be running. Stopped, it goes on when run again.
 */
import '../umask.ts'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { accessDir, oldFile } from '../access/oldFile.ts'
import { attachmentsDir, prepareIncoming } from '../attachments/attachments.ts'
import { openFolderStore } from '../attachments/folderStore.ts'
import { openS3Store } from '../attachments/s3Store.ts'
import { type Config, readConfig } from '../config.ts'
import { wrapDerived } from '../keys/derivedKeys.ts'
import { requireKeysOfLog } from '../keys/keysOfLog.ts'
import { markLog } from '../keys/logMark.ts'
import { loadMasterKey, requireKeys } from '../keys/masterKey.ts'
import { openSqliteKeys } from '../keys/sqliteKeys.ts'
import { migrate } from '../migrate/migrate.ts'
import { moveAttachments } from '../migrate/moveAttachments.ts'
import { isMoved } from '../migrate/target.ts'
import { requireSeparator } from '../separator.ts'
import { lockDataFolder } from '../store/dataFolderLock.ts'
import { readEsdbAddress, requireQuietClient } from '../store/esdb/address.ts'
import { openEsdbStore } from '../store/esdb/store.ts'
import { openSqliteStore } from '../store/sqliteStore.ts'
import { runCommand, WrongCall } from './command.ts'
import { grouped, type Progress, startProgress } from './progress.ts'
import { requireLog } from './requireLog.ts'

const usage = `Usage: npm run migrate -- --from sqlite --to esdb://user:password@host:2113
DATA_DIR names the data folder; the service must not be running.`
const options = { from: { type: 'string' }, to: { type: 'string' } } as const

/** Problems that are listed. */
const mostListed = 100

/** Attachments go where `ATTACHMENTS` says the nodes find them. */
const moveFiles = async ({ attachments, dataDir }: Config): Promise<void> => {
  const dir = attachmentsDir(dataDir)
  if (attachments.kind === 'folder') {
    console.log(
      `Attachments stay in ${dir}: one node finds them there. For several, name a bucket in ATTACHMENTS and run this again.`,
    )
    return
  }
  const to = openS3Store(attachments)
  try {
    const moving = startProgress({ label: 'attachments', unit: 'attachments' })
    const parts = { from: openFolderStore(dir), dir, to, incoming: prepareIncoming(dataDir) }
    const moved = await moveAttachments(parts, moving.update)
    moving.end(moved)
    console.log(`${grouped(moved)} attachments are in the bucket.`)
  } finally {
    await to.close()
  }
}

await runCommand({ usage, options }, async ({ values: { from, to } }) => {
  if (from !== 'sqlite' || to === undefined) throw new WrongCall('', usage)
  requireQuietClient(process.env.DEBUG)
  const address = readEsdbAddress(to)
  const config = readConfig({ ...process.env, EVENT_STORE: 'sqlite' })
  const { dataDir, masterKey: fromEnvironment } = config
  requireLog(config)
  requireKeys(dataDir)
  requireKeysOfLog(dataDir)
  const unlock = lockDataFolder(dataDir)
  const masterKey = loadMasterKey(dataDir, fromEnvironment)
  const keys = openSqliteKeys(join(dataDir, 'keys.db'), masterKey, { readonly: true })
  const source = openSqliteStore(join(dataDir, 'events.db'), { readonly: true })
  // what fails is not sent again by itself, for it would come after what was sent later
  const target = openEsdbStore({ address, times: { budget: 0, append: 10_000, read: 30_000 } })
  try {
    await requireSeparator('--to', address, target)
    const [first] = await source.readAll(null, 1)
    if (config.attachments.kind !== 'folder' && (await isMoved(target, first?.id))) {
      console.log('The log is on the target already.')
      await moveFiles(config)
      return 0
    }
    const total = Number((await source.head()) ?? 0)
    const shown: Partial<Record<string, Progress>> = {}
    const show = (part: string): Progress => {
      const known =
        shown[part] ??
        startProgress({
          label: part,
          unit: part === 'keys' ? 'keys' : 'events',
          ...(part !== 'keys' && { total }),
        })
      shown[part] = known
      return known
    }
    const { events, wrong } = await migrate({
      source,
      keys,
      target,
      onProgress: (part, done, isEnd) => (isEnd ? show(part).end(done) : show(part).update(done)),
      complete: async () => {
        await moveFiles(config)
        await markLog(target, masterKey, wrapDerived(keys.derive, masterKey))
      },
    })
    for (const each of wrong.slice(0, mostListed)) console.log(each)
    if (wrong.length > 0) {
      console.error(`${grouped(wrong.length)} differences: the copy is not the log.`)
      return wrong.length
    }
    console.log(`${grouped(events)} events are on the target, the same by stream, count, digest and order.`)
    if (existsSync(accessDir(dataDir)) || existsSync(oldFile(dataDir)))
      console.log(
        `The access log is not moved: keep ${accessDir(dataDir)} for three years, it answers who read personal data before now.`,
      )
    console.log('Start the service with EVENT_STORE set to it, and with the same MASTER_KEY.')
    return 0
  } finally {
    await target.close()
    await source.close()
    keys.close()
    unlock()
  }
})
