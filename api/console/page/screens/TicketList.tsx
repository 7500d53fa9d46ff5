/** Open tickets in the user's scope, what falls due first on top. */
import type { TicketRowAnswer } from '../../../tickets/responseSchemas.ts'
import { say, type Words } from '../core/words.ts'
import { useList } from '../lists/list.ts'
import { RowList } from '../lists/RowList.tsx'
import { TicketRow } from './TicketRow.tsx'

const words = {
  title: { en: 'Open tickets, the next due first', zh: '未结工单（按到期先后）' },
  empty: { en: 'No ticket is open.', zh: '没有未结工单。' },
} as const satisfies Record<string, Words>

export const TicketList = () => {
  const list = useList<TicketRowAnswer>('/v1/tickets?state=open&sort=dueAt')
  return (
    <RowList
      list={list}
      title={say(words.title)}
      empty={say(words.empty)}
      keyOf={({ ticketNo }) => ticketNo}
      ticketNoOf={({ ticketNo }) => ticketNo}
      render={(ticket) => <TicketRow ticket={ticket} />}
    />
  )
}
