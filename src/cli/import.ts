/** `npm run import -- FILE`: imports history into the data folder, without the service. */
import '../umask.ts'
import { open } from 'node:fs/promises'
import { destination, pino } from 'pino'
import { type ImportResult, runImport, UnreadableImport } from '../../api/commands/imports/run.ts'
import { splitLines } from '../../api/commands/imports/splitLines.ts'
import { auditLine } from '../../api/http/auditLog.ts'
import { explainLine } from '../../api/http/explainLine.ts'
import { readConfig } from '../config.ts'
import { type Core, openCore } from '../core.ts'
import { runCommand } from './command.ts'
import { grouped, startProgress } from './progress.ts'
import { table } from './table.ts'

const usage = `Usage: npm run import -- FILE
FILE holds one JSON line an act, in order of "at". The service must not be running: while it is, send the file to
POST /v1/imports instead. DATA_DIR names the data folder.`

/** Who imports, and the id of its events' request: kept with every event. */
const importedBy = 'npm run import'
const requestId = 'import'

/** Beside what is shown to the person at the keyboard: the line that an auditor looks for, as the route leaves it. */
const auditLog = pino(destination({ dest: 2, sync: true }))

/** Refused lines that are shown. */
const mostShown = 20

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
      let counts = {}
      let isWhole = false
      const progress = startProgress({ label: 'Importing', unit: 'lines' })
      const note = ({ rejectedCount }: ImportResult) =>
        rejectedCount === 0 ? '' : `${grouped(rejectedCount)} refused`
      const explain = explainLine('en')
      try {
        const result = await runImport(core.deps, splitLines(handle.createReadStream({ autoClose: false })), {
          importedBy,
          correlationId: requestId,
          explain,
          onProgress: (soFar) => {
            const { lines, applied, unchanged, rejectedCount } = soFar
            counts = { lines, applied, unchanged, rejectedCount }
            progress.update(lines, note(soFar))
          },
        })
        isWhole = true
        progress.end(result.lines, note(result))
        return result
      } catch (error) {
        if (!(error instanceof UnreadableImport)) throw error
        throw new Error(explain(error).detail)
      } finally {
        auditLine(auditLog, 'import', { sub: importedBy, ...counts, isWhole, requestId })
      }
    } finally {
      await core.close()
    }
  } finally {
    await handle.close()
  }
}

await runCommand({ usage, positionals: 1 }, async ({ positionals: [file = ''] }) => {
  const result = await importFile(file)
  show(result)
  return result.rejectedCount
})
