/** Events of a ticket as older versions of the service wrote them, brought to what is written today. */
import type { Clocks, DataOf, TicketEventType } from './events.ts'

/** Clocks that were recorded before each due said for itself whether it is provisional: then both are (rulebook §5). */
const withProvisionalDues = (clocks: Clocks): Clocks =>
  !clocks.provisional || clocks.provisionalDues !== undefined
    ? clocks
    : { ...clocks, provisionalDues: clocks.closeDueAt === null ? ['response'] : ['response', 'close'] }

const withDues = <T extends { clocks: Clocks }>(data: T): T => {
  const clocks = withProvisionalDues(data.clocks)
  return clocks === data.clocks ? data : { ...data, clocks }
}

/** By type. Each returns the very same data where that is as it is written today. */
export const ticketUpcasters: { readonly [T in TicketEventType]?: (data: DataOf<T>) => DataOf<T> } = {
  TicketDispatched: withDues,
  ResponsibleDealerNamed: withDues,
  DeadlinesRecalculated: (data) => {
    const holder = withProvisionalDues(data.holder)
    const responsibleDealer = data.responsibleDealer && withProvisionalDues(data.responsibleDealer)
    return holder === data.holder && responsibleDealer === data.responsibleDealer
      ? data
      : { ...data, holder, responsibleDealer }
  },
}
