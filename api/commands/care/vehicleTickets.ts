/** The tickets about a vehicle, found by its VIN, which is sealed. */
import { vinKey } from '../../../domain/customerKeys.ts'
import type { SealedText } from '../../../domain/sealed.ts'
import type { TicketNo } from '../../../domain/ticket/events.ts'
import type { CommandDeps } from '../deps.ts'
import { readerOf } from '../tickets/personal.ts'

/** Numbers of the tickets about the VIN, or about those of the handovers; whoever answers them checks who may see each. */
export const ticketNosOfVehicle = (
  { sealing, views }: Pick<CommandDeps, 'sealing' | 'views'>,
  handovers: readonly { customer: SealedText | null }[],
  vin: string | null,
): TicketNo[] => {
  const reader = readerOf(sealing, true)
  const vins = vin === null ? handovers.map(({ customer }) => reader.person(customer).vehicle.vin) : [vin]
  const keys = [...new Set(vins.map(vinKey))].filter((key) => key !== null)
  return [...new Set(keys.flatMap((key) => views.customers.ticketNosOf(sealing.lookupHash('vin', key))))]
}
