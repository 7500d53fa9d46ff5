/** The desk of an RBO: its own queue, its dealers' queues, and the warnings sent to it. */
import type { TicketRowAnswer } from '../../../tickets/responseSchemas.ts'
import { say, type Words } from '../core/words.ts'
import { useList } from '../lists/list.ts'
import { RowList } from '../lists/RowList.tsx'
import { TicketRow } from '../screens/TicketRow.tsx'
import { OpenWarnings } from '../se/SeDesk.tsx'

const words = {
  own: { en: 'Held by us', zh: '本大区处理' },
  noOwn: { en: 'We hold no open ticket.', zh: '本大区没有未结工单。' },
  dealers: { en: 'Held by our dealers', zh: '辖区经销商处理' },
  noDealers: { en: 'Our dealers hold no open ticket.', zh: '辖区经销商没有未结工单。' },
} as const satisfies Record<string, Words>

const Queue = ({ tier, title, empty }: { tier: 'dealer' | 'rbo'; title: Words; empty: Words }) => {
  const list = useList<TicketRowAnswer>(`/v1/tickets?state=open&sort=dueAt&tier=${tier}`)
  return (
    <RowList
      list={list}
      title={say(title)}
      empty={say(empty)}
      keyOf={({ ticketNo }) => ticketNo}
      ticketNoOf={({ ticketNo }) => ticketNo}
      render={(ticket) => <TicketRow ticket={ticket} />}
    />
  )
}

export const RboDesk = () => (
  <div class="lists">
    <Queue tier="rbo" title={words.own} empty={words.noOwn} />
    <Queue tier="dealer" title={words.dealers} empty={words.noDealers} />
    <OpenWarnings />
  </div>
)
