/** Completes the second halves of two-ticket commands that a crash or a store without an answer left pending. */
import { completePendingActs } from '../api/commands/tickets/followUp.ts'
import type { Deps } from '../api/http/deps.ts'

/** How often pending second halves are looked for. */
const completeEveryMs = 15_000

/** Completes pending second halves, and logs what came of them. */
export const completePending = async (
  deps: Deps,
  open?: Parameters<typeof completePendingActs>[1],
): Promise<void> => {
  const result = await completePendingActs(deps, open)
  const { completed, withdrawn, pending } = result
  if (pending > 0) deps.log.warn(result, 'acts on two tickets are pending still')
  else if (completed + withdrawn > 0) deps.log.info(result, 'pending acts on two tickets were completed')
}

/**
 * Completes what a node that is gone left pending, or a request whose store did not answer: what is pending now and was
 * the last time nobody is at any more.
 */
export const completeRegularly = (
  deps: Deps,
  completeErasures: () => Promise<number>,
  cleanAttachments: () => Promise<void>,
): (() => void) => {
  let before = new Set<string>()
  const look = async (): Promise<void> => {
    if (deps.phase?.() !== 'serving') return
    await completeErasures()
    void cleanAttachments()
    const open = deps.views.followUps.open()
    const left = open.filter(({ eventId }) => before.has(eventId))
    before = new Set(open.map(({ eventId }) => eventId))
    if (left.length > 0) await completePending(deps, left)
  }
  const timer = setInterval(() => {
    look().catch((error: unknown) =>
      deps.log.warn({ error: String(error) }, 'pending acts on two tickets could not be completed'),
    )
  }, completeEveryMs)
  timer.unref()
  return () => clearInterval(timer)
}
