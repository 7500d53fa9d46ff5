/** `npm run import -- FILE`: imports history into the data folder, without the service. */
import '../umask.ts'
import { open } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { pino } from 'pino'
import { type ImportResult, runImport } from '../../api/commands/imports/run.ts'
import { splitLines } from '../../api/commands/imports/splitLines.ts'
import { explainLine } from '../../api/http/explainLine.ts'
import { readConfig } from '../config.ts'
import { type Core, openCore } from '../service.ts'
import { grouped, startProgress } from './progress.ts'
import { table } from './table.ts'

const usage = `Usage: npm run import -- FILE
FILE holds one JSON line an act, in order of "at". The service must not be running: while it is, send the file to
POST /v1/imports instead. DATA_DIR names the data folder.`

/** Refused lines that are shown. */
const mostShown = 20

/** Said and not shown with a stack: what the person at the keyboard can mend. */
const fail = (error: unknown): void => {
  console.error(error instanceof Error ? error.message : String(error))
  process.exitCode = 2
}

const fileOf = (args: string[]): string => {
  const { positionals } = parseArgs({ args, options: {}, allowPositionals: true, strict: true })
  const [file, ...more] = positionals
  if (file === undefined || more.length > 0) throw new Error(usage)
  return file
}

const openFolder = async (): Promise<Core> => {
  const config = { ...readConfig(process.env), metricsPort: null }
  try {
    return await openCore(config, { log: pino({ level: 'silent' }) })
  } catch (error) {
    if (!(error instanceof Error && error.message.startsWith('Another process'))) throw error
    throw new Error(
      `${error.message}\nIf it is the service, let it do the import: send the file to POST /v1/imports.`,
    )
  }
}

const show = ({ lines, applied, unchanged, rejectedCount, rejected }: ImportResult): void => {
  const counts = { lines, applied, unchanged, refused: rejectedCount }
  console.log(
    Object.entries(counts)
      .map(([name, count]) => `${grouped(count)} ${name}`)
      .join(', '),
  )
  if (rejectedCount === 0) return
  console.log()
  console.log(
    table(
      [{ title: 'line', right: true }, { title: 'code' }, { title: 'detail' }],
      rejected.slice(0, mostShown).map(({ line, code, detail }) => [grouped(line), code, detail]),
    ),
  )
  if (rejectedCount > mostShown) console.log(`… and ${grouped(rejectedCount - mostShown)} more`)
}

const importFile = async (file: string): Promise<ImportResult> => {
  const handle = await open(file)
  try {
    if (!(await handle.stat()).isFile()) throw new Error(`${file} is no file.`)
    const core = await openFolder()
    try {
      await core.ready
      const progress = startProgress({ label: 'Importing', unit: 'lines' })
      const note = ({ rejectedCount }: ImportResult) =>
        rejectedCount === 0 ? '' : `${grouped(rejectedCount)} refused`
      const result = await runImport(core.deps, splitLines(handle.createReadStream({ autoClose: false })), {
        importedBy: 'npm run import',
        correlationId: 'import',
        explain: explainLine('en'),
        onProgress: (soFar) => progress.update(soFar.lines, note(soFar)),
      })
      progress.end(result.lines, note(result))
      return result
    } finally {
      await core.close()
    }
  } finally {
    await handle.close()
  }
}

try {
  const result = await importFile(fileOf(process.argv.slice(2)))
  show(result)
  if (result.rejectedCount > 0) process.exitCode = 1
} catch (error) {
  fail(error)
}
