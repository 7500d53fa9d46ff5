/** The desk of an RBO: counts of now, its own queue, its dealers' queues, and the warnings sent to it. */
import type { Words } from '../core/words.ts'
import { Now } from '../reports/Now.tsx'
import { TicketQueue } from '../screens/TicketQueue.tsx'
import { OpenWarnings } from '../se/SeDesk.tsx'

const words = {
  own: { en: 'Held by us', zh: '本大区处理' },
  noOwn: { en: 'We hold no open ticket.', zh: '本大区没有未结工单。' },
  dealers: { en: 'Held by our dealers', zh: '辖区经销商处理' },
  noDealers: { en: 'Our dealers hold no open ticket.', zh: '辖区经销商没有未结工单。' },
} as const satisfies Record<string, Words>

const queue = (tier: 'dealer' | 'rbo'): string => `/v1/tickets?state=open&sort=dueAt&tier=${tier}`

export const RboDesk = () => (
  <>
    <Now />
    <div class="lists">
      <TicketQueue path={queue('rbo')} title={words.own} empty={words.noOwn} />
      <TicketQueue path={queue('dealer')} title={words.dealers} empty={words.noDealers} />
      <OpenWarnings />
    </div>
  </>
)
