/** An import that came with an `Idempotency-Key`: its first answer, which the same call again gets. */
import { z } from 'zod'
import { type Aggregate, authoriseBy } from './aggregate.ts'

const count = z.int().min(0)

/** What an import answers; `rejected` are the first lines that were refused, in words without personal data. */
export const importResultSchema = z.strictObject({
  lines: count,
  applied: count,
  unchanged: count,
  rejectedCount: count,
  rejected: z.array(z.strictObject({ line: count, code: z.string(), detail: z.string() })),
})
export type ImportRun = z.infer<typeof importResultSchema>

/** The events of the streams `import-<commandId>`. */
export const importRunEventData = { ImportCompleted: importResultSchema }
export type ImportRunEvent = { type: 'ImportCompleted'; data: ImportRun }
export type CompleteImport = { type: 'CompleteImport'; result: ImportRun }

export const importRunAggregate: Aggregate<ImportRun, CompleteImport, ImportRunEvent> = {
  stream: (commandId) => `import-${commandId}`,
  evolve: (_state, { data }) => data,
  // the first answer stays
  decide: (state, { result }) => (state === null ? [{ type: 'ImportCompleted', data: result }] : []),
  authorise: authoriseBy({ CompleteImport: 'import' }),
}
