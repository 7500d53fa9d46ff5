/** Events that the service writes for itself: keys, locks, marks. */
import { newCommandId } from '../../api/commands/commandId.ts'
import { eventId, type NewEvent } from '../../domain/eventStore.ts'
import { toInstant } from '../../domain/instant.ts'

/** One event of the service itself. */
export const systemEvent = (type: string, data: unknown): NewEvent => {
  const commandId = newCommandId()
  const metadata = {
    commandId,
    actor: { id: 'system', role: 'system' },
    correlationId: commandId,
    recordedAt: toInstant(Date.now()),
  }
  return { id: eventId(commandId, 0), type, data, metadata }
}
