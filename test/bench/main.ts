/**
 * `npm run bench`: speed, each figure against its limit in the same run.
 * `-- --only NAME` runs the group of that name, or those whose name contains it, `--json FILE` writes the rows, `--tickets N` takes a
 * smaller dataset. The dataset is kept between runs; `--fresh` makes it again, `--data DIR` takes the one in that folder.
 */
import { existsSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { readCommandLine } from '../../src/cli/command.ts'
import { accessLogRows } from './accessLog.ts'
import { assessmentRows } from './assessments.ts'
import { besideReaderRows } from './besideReader.ts'
import { rebuildRows, startRows } from './building.ts'
import { careRows } from './care.ts'
import { careImportRows } from './careImporting.ts'
import { type Dataset, datasetIn, makeDataset } from './dataset/dataset.ts'
import { copyOf, keptDataset, keptFolder } from './dataset/keptDataset.ts'
import { duesRows } from './dues.ts'
import { esdbRows } from './esdb/rows.ts'
import { exportRows } from './export.ts'
import { heavyReadRows } from './heavyReads.ts'
import { importRows } from './importing.ts'
import { intakeAtSizeRows, intakeRows } from './intake.ts'
import type { Size } from './live/parties.ts'
import { liveRows } from './live/streamRows.ts'
import { webhookRows } from './live/webhookRows.ts'
import { mixedDayRows } from './mixedDay.ts'
import { startServer } from './processes.ts'
import { kpiRows } from './quarterKpi.ts'
import { queueRows } from './queuePages.ts'
import { reportRows } from './reports.ts'
import { type Row, tableOf } from './table.ts'
import { ticketRows } from './ticketReads.ts'
import { uploadRows } from './uploads.ts'

/** With a smaller dataset these are tried out only. */
const smallTickets = 100_000

const alone: Record<string, (size: Size) => Promise<Row[]>> = {
  intake: () => intakeRows(0),
  'intake-slow-disk': () => intakeRows(1),
  import: importRows,
  'access-log': accessLogRows,
  uploads: uploadRows,
  dues: duesRows,
  care: careRows,
  'care-import': careImportRows,
  live: liveRows,
  webhooks: webhookRows,
  esdb: esdbRows,
}

/** On the dataset, in this order: those that only read come first. */
const onDataset: Record<string, (dataset: Dataset) => Promise<Row[]>> = {
  rebuild: rebuildRows,
  start: startRows,
  kpi: kpiRows,
  reports: reportRows,
  tickets: ticketRows,
  queues: queueRows,
  assessment: assessmentRows,
  'mixed-day': mixedDayRows,
  'beside-reader': besideReaderRows,
  'heavy-reads': heavyReadRows,
  export: exportRows,
  'intake-at-size': intakeAtSizeRows,
}

/** These write, so they get a copy of the kept dataset. */
const writers = ['assessment', 'mixed-day', 'beside-reader', 'heavy-reads', 'export', 'intake-at-size']

const usage = `Usage: npm run bench [-- --only NAME] [-- --json FILE] [-- --tickets N] [-- --fresh] [-- --data DIR]
CONTRIBUTING.md says what each is.`
const { values } = readCommandLine({
  usage,
  options: {
    json: { type: 'string' },
    only: { type: 'string' },
    tickets: { type: 'string', default: '1000000' },
    fresh: { type: 'boolean', default: false },
    data: { type: 'string' },
  },
})
const names = [...Object.keys(alone), ...Object.keys(onDataset)]
const { only = '' } = values
const isAsked = (name: string): boolean => (names.includes(only) ? name === only : name.includes(only))
if (!names.some(isAsked)) {
  console.error(`There is no bench ${values.only}; there are: ${names.join(', ')}.`)
  process.exit(2)
}

const rows: Row[] = []
const noted = async <T>(name: string, work: () => Promise<T>): Promise<T> => {
  const started = performance.now()
  process.stderr.write(`${name} …\n`)
  const result = await work()
  process.stderr.write(`${name}: ${((performance.now() - started) / 1000).toFixed(0)} s\n`)
  return result
}

/** @throws Error where the folder holds none */
const given = (folder: string): Dataset => {
  const dataset = datasetIn(folder)
  if (dataset === null) throw new Error(`There is no dataset of the bench in ${folder}.`)
  return dataset
}

/** Views that are not there are made by the start. */
const buildViews = async ({ folder }: Dataset): Promise<void> => {
  if (existsSync(join(folder, 'views.db'))) return
  await noted('views', async () => (await startServer({ kind: 'service', folder, flushMs: 0 })).stop())
}

/** The dataset of a folder that was named, or the kept one, which is made where there is none. */
const theDataset = async (): Promise<Dataset> => {
  if (values.data !== undefined) return given(values.data)
  const tickets = Number(values.tickets)
  const folder = keptFolder(tickets)
  const kept = keptDataset(tickets, values.fresh)
  process.stderr.write(
    `The dataset is kept in ${folder}${kept === null ? '' : ` (until ${kept.until}; --fresh makes it again)`}.\n`,
  )
  return kept ?? noted('dataset', () => makeDataset(folder, tickets))
}

const runOnDataset = async (asked: string[]): Promise<void> => {
  let dataset = await theDataset()
  let copy: Dataset | null = null
  try {
    for (const name of asked) {
      if (name !== 'rebuild') await buildViews(dataset)
      if (copy === null && values.data === undefined && writers.includes(name)) {
        copy = await noted('copy', async () => copyOf(dataset))
        dataset = copy
      }
      rows.push(...(await noted(name, () => onDataset[name]!(dataset))))
    }
  } finally {
    if (copy !== null) rmSync(copy.folder, { recursive: true })
  }
}

const size = Number(values.tickets) < smallTickets ? 'small' : 'full'
for (const name of Object.keys(alone).filter(isAsked))
  rows.push(...(await noted(name, () => alone[name]!(size))))
const asked = Object.keys(onDataset).filter(isAsked)
if (asked.length > 0) await runOnDataset(asked)
console.log(tableOf(rows))
if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(rows, null, 2)}\n`)
process.exitCode = rows.every(({ pass }) => pass) ? 0 : 1
