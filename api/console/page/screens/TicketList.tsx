/** Open tickets in the user's scope, what falls due first on top. */
import type { Words } from '../core/words.ts'
import { TicketQueue } from './TicketQueue.tsx'

const words = {
  title: { en: 'Open tickets, the next due first', zh: '未结工单（按到期先后）' },
  empty: { en: 'No ticket is open.', zh: '没有未结工单。' },
} as const satisfies Record<string, Words>

export const TicketList = () => (
  <TicketQueue path="/v1/tickets?state=open&sort=dueAt" title={words.title} empty={words.empty} />
)
