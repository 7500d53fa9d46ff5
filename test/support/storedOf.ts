import type { StoredEvent } from '../../domain/eventStore.ts'

/** An event of a ticket's stream as the store returns it. */
export const storedOf = (type: string, data: unknown): StoredEvent => ({
  id: '00000000-0000-7000-8000-000000000000',
  type,
  data,
  metadata: {
    commandId: '00000000-0000-7000-8000-000000000000',
    actor: { id: 'csr-7', role: 'csr' },
    correlationId: 'request-1',
    recordedAt: '2026-12-30T02:00:00.000Z',
  },
  stream: 'ticket-T1',
  version: 3,
  position: '17',
})
