/** The attachments of a ticket; nothing for those who do not see its customer. */
import type { TicketAnswer } from '../../../tickets/responseSchemas.ts'
import { mayAttach, mayRemoveAttachment, maySeePerson } from '../acts/rights.ts'
import { Files } from '../attachments/Files.tsx'
import { me } from '../session/session.ts'

export const filesPathOf = (ticketNo: string): string =>
  `/v1/tickets/${encodeURIComponent(ticketNo)}/attachments`

type Props = { ticket: TicketAnswer; onDone(): void }

export const Attachments = ({ ticket, onDone }: Props) => {
  const user = me.value
  if (user === null || !maySeePerson(ticket, user)) return null
  const { ticketNo } = ticket
  return (
    <Files
      path={filesPathOf(ticketNo)}
      mayAdd={mayAttach(ticket, user)}
      mayRemove={mayRemoveAttachment(ticket, user)}
      concerns={(item) => item.ticketNo === ticketNo}
      onDone={onDone}
    />
  )
}
