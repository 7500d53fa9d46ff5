/** The desk of the call centre: the call at hand, callbacks due, and the open tickets. */
import type { TicketRowAnswer } from '../../../tickets/responseSchemas.ts'
import { label } from '../core/codes.ts'
import { say, type Words } from '../core/words.ts'
import { useList } from '../lists/list.ts'
import { RowList } from '../lists/RowList.tsx'
import { At, TimeLeft } from '../time/TimeLeft.tsx'
import { dealerName } from '../time/units.ts'
import { Intake } from './Intake.tsx'

const words = {
  due: { en: 'Callbacks due', zh: '待回访' },
  overdue: { en: 'Callbacks overdue', zh: '逾期回访' },
  none: { en: 'Nobody is to be called back.', zh: '没有待回访的客户。' },
  attempts: { en: '{count} attempts', zh: '已尝试 {count} 次' },
  closed: { en: 'closed', zh: '封闭于' },
} as const satisfies Record<string, Words>

type CallbackRow = TicketRowAnswer & {
  callback: { dueAt: string | null; attempts: readonly { at: string; outcome: string }[] }
}

const desk = { tier: 'csc', unit: 'CSC' } as const

const Callbacks = ({ status, title }: { status: 'due' | 'overdue'; title: Words }) => {
  const list = useList<CallbackRow>(`/v1/callbacks?status=${status}`)
  return (
    <RowList
      list={list}
      title={say(title)}
      empty={say(words.none)}
      keyOf={({ ticketNo }) => ticketNo}
      ticketNoOf={({ ticketNo }) => ticketNo}
      render={({ category, customer, dealer, closedAt, callback }) => (
        <>
          <span class="row-tags">
            {callback.attempts.length > 0 && (
              <span class="tag">{say(words.attempts, { count: callback.attempts.length })}</span>
            )}
          </span>
          <span class="row-what" translate={false}>
            {customer.name} {customer.phone}
          </span>
          <span class="row-who">
            <span translate={false}>{category}</span> {label('categories', category)}
            {dealer !== null && <span translate={false}> · {dealerName(dealer)}</span>}
            {closedAt !== null && (
              <>
                {' '}
                · {say(words.closed)} <At at={closedAt} />
              </>
            )}
          </span>
          {callback.dueAt !== null && <TimeLeft clock="callback" dueAt={callback.dueAt} unit={desk} />}
        </>
      )}
    />
  )
}

export const CscDesk = () => (
  <div class="lists">
    <Intake />
    <Callbacks status="due" title={words.due} />
    <Callbacks status="overdue" title={words.overdue} />
  </div>
)
