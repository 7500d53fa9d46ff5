/** What remembered commands did, complete, also while a view has a part of it only. */
import type { CommandDeps, CommandRow } from './deps.ts'

/**
 * What a command did; empty: it is not remembered. A view that follows another node's append may have the first events
 * of it only, and the stream has all of them: each row reaches to the end of what the command appended.
 * @throws StoreUnavailable
 */
export const rowsOfCommand = (
  { store, views }: Pick<CommandDeps, 'store' | 'views'>,
  commandId: string,
): Promise<CommandRow[]> =>
  Promise.all(
    views.commands.find(commandId).map(async (known) => {
      const row = { ...known, commandId }
      const after = await store.readStream(row.stream, row.toVersion)
      const end = after.findIndex(({ metadata }) => metadata.commandId !== commandId)
      const last = after.slice(0, end === -1 ? after.length : end).at(-1)
      return last === undefined ? row : { ...row, toVersion: last.version, position: last.position }
    }),
  )
