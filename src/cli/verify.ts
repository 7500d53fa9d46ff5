/**
 * `npm run verify`: reads the whole log and the views, also beside the service, changes nothing, and lists what is
 * wrong.
 */
import '../umask.ts'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type Database from 'better-sqlite3'
import type { EventStore } from '../../domain/eventStore.ts'
import type { Sealer } from '../../domain/sealing.ts'
import { strangeViews } from '../../projections/viewsOrigin.ts'
import { openFileStore } from '../attachments/attachments.ts'
import { checkAttachments, listFiles } from '../attachments/check.ts'
import type { FileStore } from '../attachments/fileStore.ts'
import { attachmentsInLog, createAttachmentsInLog } from '../attachments/inLog.ts'
import { readConfig } from '../config.ts'
import { requireKeysOfLog } from '../keys/keysOfLog.ts'
import { loadMasterKey, requireKeys } from '../keys/masterKey.ts'
import { createSealing } from '../keys/sealing.ts'
import { openSqliteKeys, type SqliteKeys } from '../keys/sqliteKeys.ts'
import { openLog } from '../store/sqliteLog.ts'
import { openSqliteStore, type SqliteStore } from '../store/sqliteStore.ts'
import { createChainCheck, type KeptDigest } from '../verify/checkChain.ts'
import { checkEvents } from '../verify/checkEvents.ts'
import { checkLinks } from '../verify/checkLinks.ts'
import { checkNumbers, type Report } from '../verify/checkNumbers.ts'
import { compareViews } from '../verify/compareViews.ts'
import { readViews, type ViewsContent } from '../verify/viewsContent.ts'
import { runCommand, WrongCall } from './command.ts'
import { grouped, startProgress } from './progress.ts'
import { requireLog } from './requireLog.ts'

/** Problems that are listed; of a log that is all wrong, the first tell enough. */
const mostListed = 1_000

const createList = () => {
  let count = 0
  const report: Report = (problem) => {
    count += 1
    if (count <= mostListed) console.log(problem)
  }
  return { report, count: () => count }
}

/** Before the log is looked at, so that every event in them is in what is looked at. */
const viewsOf = async (file: string, store: SqliteStore, report: Report): Promise<ViewsContent | null> => {
  if (!existsSync(file)) {
    console.log('There is no views file; the next start makes it.')
    return null
  }
  const why = await strangeViews(file, store)
  if (why !== null) {
    report(`The views are not of this log, and the next start rebuilds them. ${why}`)
    return null
  }
  try {
    return readViews(file)
  } catch (error) {
    const isBusy = String((error as { code?: unknown }).code).startsWith('SQLITE_BUSY')
    report(
      isBusy
        ? 'The views are being rebuilt; verify again when that is done.'
        : `The views cannot be read: ${(error as Error).message}.`,
    )
    return null
  }
}

/** What was compared, in words. */
const compareWithRebuild = async (
  views: ViewsContent,
  parts: { store: EventStore; sealing: Sealer },
  report: Report,
): Promise<string> => {
  const building = startProgress({ label: 'views', unit: 'events' })
  const lead = await compareViews(views, parts, { report, onProgress: building.update })
  building.end(Number(lead ?? 0))
  return `views up to event ${lead ?? 0}`
}

/** Attachments whose bytes were read to their ends. */
const checkFiles = async (
  attachments: ReturnType<typeof createAttachmentsInLog>,
  listed: Awaited<ReturnType<typeof listFiles>>,
  parts: { files: FileStore; keys: SqliteKeys; log: Database.Database; report: Report },
): Promise<number> => {
  const { files: store, keys, log, report } = parts
  const reading = startProgress({ label: 'attachments', unit: 'attachments', total: attachments.live.size })
  // the service may have removed it since the log was read
  let now: ReturnType<typeof attachmentsInLog> | null = null
  const isGone = (attachmentId: string): boolean => {
    now ??= attachmentsInLog(log)
    return !now.has(attachmentId)
  }
  const checked = await checkAttachments(
    attachments,
    { files: listed, isGone },
    { store, keys, report, onProgress: reading.update },
  )
  reading.end(checked)
  return checked
}

const usage = `Usage: npm run verify [-- --digest POSITION:DIGEST …]
DATA_DIR names the folder. --digest compares the log with a digest that was kept, from GET /v1/log/digest.`

const onNodes = `npm run verify reads the embedded engine only, and EVENT_STORE names EventStoreDB.
There each node computes the digests of the log itself. To check: stop a node, remove its views.db, start it, and compare GET /v1/log/digest?position= of that node with what was kept: with other nodes, with the digests that were there before the removal, and with logDigest of each revision (GET /v1/assessments/{quarter}/revisions).`

const options = { digest: { type: 'string', multiple: true } } as const

/** @throws WrongCall */
const keptDigest = (text: string): KeptDigest => {
  const [, position, digest] = /^(\d{1,15}):([\da-f]{64})$/.exec(text) ?? []
  if (position === undefined || digest === undefined) throw new WrongCall('', usage)
  return { position: Number(position), digest }
}

await runCommand({ usage, options }, async ({ values }) => {
  const kept = (values.digest ?? []).map(keptDigest)
  const config = readConfig(process.env)
  const { dataDir, masterKey: fromEnvironment } = config
  const file = (name: string): string => join(dataDir, name)
  if (config.eventStore !== 'sqlite') throw new Error(onNodes)
  requireLog(config)
  requireKeys(dataDir)
  requireKeysOfLog(dataDir)
  const masterKey = loadMasterKey(dataDir, fromEnvironment)
  const keys = openSqliteKeys(file('keys.db'), masterKey, { readonly: true })
  const sealing = createSealing(keys, keys.derive)
  const store = openSqliteStore(file('events.db'), { readonly: true })
  const log = openLog(file('events.db'), true)
  const { report, count } = createList()
  const files = openFileStore(config.attachments, dataDir)
  try {
    const listed = await listFiles(files)
    const views = await viewsOf(file('views.db'), store, report)
    const head = Number((await store.head()) ?? 0)
    checkNumbers(log, head, report)
    const reading = startProgress({ label: 'events', unit: 'events', total: head })
    const chain = createChainCheck(log, head, report)
    const attachments = createAttachmentsInLog()
    const { events, opened, erased } = checkEvents(log, head, {
      keys,
      sealing,
      report,
      onProgress: (done) => reading.update(done),
      onRow: (row) => {
        chain.add(row)
        attachments.add(row)
      },
    })
    reading.end(events)
    const digest = chain.end(kept)
    await checkLinks({ log, store }, report)
    const checked = await checkFiles(attachments, listed, { files, keys, log, report })
    const compared = views === null ? 'no views' : await compareWithRebuild(views, { store, sealing }, report)
    console.log(
      `${grouped(events)} events, ${grouped(opened)} sealed texts opened, ${grouped(erased)} of erased customers, ${grouped(checked)} attachments, ${compared}: ${
        count() === 0 ? 'all is well.' : `${grouped(count())} ${count() === 1 ? 'problem' : 'problems'}.`
      }`,
    )
    console.log(`The digest of the log up to event ${head}: ${digest}`)
    if (count() > mostListed) console.log(`Only the first ${grouped(mostListed)} are listed.`)
    return count()
  } finally {
    log.close()
    await store.close()
    keys.close()
    await files.close?.()
  }
})
