/** Many tickets in little time: copies of one that is there. */
import { newCommandId } from '../../api/commands/commandId.ts'
import { eventId, type NewEvent } from '../../domain/eventStore.ts'
import { type TicketNo, ticketStream } from '../../domain/ticket/events.ts'
import type { TestService } from './service.ts'

/** Numbers of the second after midnight and later: nobody's tickets in a test. */
let copies = 0
const numberLike = (ticketNo: TicketNo): TicketNo => {
  copies += 1
  return `${ticketNo.slice(0, 'T260302-'.length)}${String(copies).padStart(8, '0')}`
}

/** Appends at a time. */
const atOnce = 200

/** Appends copies of a ticket's events under numbers of their own, and waits for the views to have them. */
export const copyTicket = async (
  { deps: { store, views } }: Pick<TestService, 'deps'>,
  ticketNo: TicketNo,
  count: number,
): Promise<TicketNo[]> => {
  const events = await store.readStream(ticketStream(ticketNo))
  const copy = async (): Promise<TicketNo> => {
    const commandId = newCommandId()
    const copied = numberLike(ticketNo)
    const appended = events.map(({ type, data, metadata }, index): NewEvent => {
      const renamed = JSON.parse(JSON.stringify(data).replaceAll(ticketNo, copied)) as unknown
      return { id: eventId(commandId, index), type, data: renamed, metadata: { ...metadata, commandId } }
    })
    await store.append(ticketStream(copied), 0, appended)
    return copied
  }
  const numbers: TicketNo[] = []
  while (numbers.length < count)
    numbers.push(
      ...(await Promise.all(Array.from({ length: Math.min(atOnce, count - numbers.length) }, copy))),
    )
  const head = await store.head()
  if (head !== null) await views.reached(head, 10_000)
  return numbers
}
