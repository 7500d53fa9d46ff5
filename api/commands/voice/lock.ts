/** Entering items and sending sheets, one at a time: external numbers are unique over all dealers. */
import { CommandDone } from '../commandDone.ts'
import { Conflict } from '../conflict.ts'
import type { CommandDeps } from '../deps.ts'

const key = 'voice items'

/**
 * Runs `work` while nothing else is entered or sent, here or on another node; the views have what was.
 * `command`: where the same one may come to another node.
 * @throws CommandDone; Conflict `request_in_progress` where another node is at it for longer than a second
 */
export const withVoiceLock = <T>(
  { mutex, locks, views }: Pick<CommandDeps, 'mutex' | 'locks' | 'views'>,
  command: { commandId: string } | null,
  work: () => Promise<T>,
): Promise<T> => {
  const once = async (): Promise<T> => {
    const done = command === null ? undefined : views.commands.find(command.commandId).at(-1)
    if (done !== undefined) throw new CommandDone(done.position)
    return work()
  }
  return mutex.run([key], () =>
    locks === undefined
      ? once()
      : locks.take([key], once, {
          wait: true,
          taken: (seconds) => Promise.reject(new Conflict('request_in_progress', seconds)),
        }),
  )
}
