/** What remembered commands did, complete, also while a view has a part of it only. */
import type { CommandDeps, CommandRow } from './deps.ts'

/**
 * Rows that reach to the end of what their command appended. A view that follows another node's append may have its first
 * events only; the stream has all of them.
 */
export const wholeRows = (
  { store }: Pick<CommandDeps, 'store'>,
  rows: readonly CommandRow[],
): Promise<CommandRow[]> =>
  Promise.all(
    rows.map(async (row) => {
      const after = await store.readStream(row.stream, row.toVersion)
      const end = after.findIndex(({ metadata }) => metadata.commandId !== row.commandId)
      const last = after.slice(0, end === -1 ? after.length : end).at(-1)
      return last === undefined ? row : { ...row, toVersion: last.version, position: last.position }
    }),
  )
