/** The SMS contacts that go with an event, for the SMS gateway (rulebook §13). */
import type { SmsDuty } from '../../domain/codes.ts'
import type { CommandDeps } from '../commands/deps.ts'
import { readerOf } from '../commands/tickets/personal.ts'

export type SmsContactOfEvent = { name: string; mobile: string; duty: SmsDuty }

/** Opens contacts for an endpoint that includes them; it is not for customers. */
export const contactReader = ({ sealing }: Pick<CommandDeps, 'sealing'>) => readerOf(sealing, true)

/** The accepted contacts of the dealer that holds a ticket, without those that were erased; of any other holder none. */
export const smsContactsOf = (
  deps: Pick<CommandDeps, 'views' | 'sealing'>,
  holder: { tier: string; unit: string } | null,
): SmsContactOfEvent[] => {
  if (holder?.tier !== 'dealer') return []
  const reader = contactReader(deps)
  return deps.views.smsContacts.contactsOf(holder.unit).flatMap(({ text, duty }) => {
    const { name, mobile } = reader.contact(text)
    return name === null || mobile === null ? [] : [{ name, mobile, duty }]
  })
}
