import { randomUUID } from 'node:crypto'
import { eventId, type Metadata, type NewEvent, type StoredEvent } from '../../domain/eventStore.ts'

export const newCommandId = (): string => `${randomUUID().slice(0, -3)}000`

/** The events of one command: `count` of them, or one for each piece of data given. */
export const someEvents = (of: number | unknown[] = 1, more: Partial<Metadata> = {}): NewEvent[] => {
  const commandId = newCommandId()
  const metadata: Metadata = {
    commandId,
    actor: { id: 'csr-7', role: 'csr' },
    correlationId: 'request-1',
    recordedAt: '2026-03-02T04:00:00.000Z',
    ...more,
  }
  const data = typeof of === 'number' ? Array.from({ length: of }, (_, n) => ({ n })) : of
  return data.map((each, i) => ({
    id: eventId(commandId, i),
    type: 'TicketRegistered',
    data: each,
    metadata,
  }))
}

export const idsOf = (events: { id: string }[]): string[] => events.map(({ id }) => id)

/** Waits until `done`, and fails after ten seconds. */
export const until = async (done: () => boolean): Promise<void> => {
  const deadline = Date.now() + 10_000
  while (!done()) {
    if (Date.now() > deadline) throw new Error('waited ten seconds in vain')
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}

/** What a follower was given, batch by batch, and what stopped it. */
export const recorder = () => {
  const batches: StoredEvent[][] = []
  const errors: unknown[] = []
  return {
    batches,
    errors,
    ids: () => idsOf(batches.flat()),
    onBatch: (events: StoredEvent[]): void => {
      batches.push(events)
    },
    onStopped: (error: unknown): void => {
      errors.push(error)
    },
  }
}
