/** The desk of a dealer: what is to be answered, what is in work, and what it has claimed for itself. */
import { useSignal } from '@preact/signals'
import { say, type Words } from '../core/words.ts'
import { TicketQueue } from '../screens/TicketQueue.tsx'
import { me } from '../session/session.ts'
import { Check } from '../ui/Field.tsx'

const words = {
  unhandled: { en: 'To respond to', zh: '待响应' },
  noUnhandled: { en: 'Nothing waits for a response.', zh: '没有待响应的工单。' },
  inProgress: { en: 'In progress', zh: '处理中' },
  noInProgress: { en: 'Nothing is in progress.', zh: '没有处理中的工单。' },
  closed: { en: 'Closed lately', zh: '最近封闭' },
  noClosed: { en: 'Nothing was closed yet.', zh: '还没有已封闭的工单。' },
  mine: { en: 'Mine only', zh: '仅我领取的' },
} as const satisfies Record<string, Words>

type QueueProps = { path: string; title: Words; empty: Words }

const Queue = ({ path, title, empty }: QueueProps) => {
  const isMine = useSignal(false)
  return (
    <TicketQueue path={`${path}${isMine.value ? '&assignee=me' : ''}`} title={title} empty={empty}>
      <Check
        text={say(words.mine)}
        isOn={isMine.value}
        onChange={(isOn) => {
          isMine.value = isOn
        }}
      />
    </TicketQueue>
  )
}

export const DealerDesk = () => {
  const holder = encodeURIComponent(me.value?.dealer ?? '')
  return (
    <div class="lists">
      <Queue
        path={`/v1/tickets?state=unhandled&sort=dueAt&holder=${holder}`}
        title={words.unhandled}
        empty={words.noUnhandled}
      />
      <Queue
        path={`/v1/tickets?state=in_progress&sort=dueAt&holder=${holder}`}
        title={words.inProgress}
        empty={words.noInProgress}
      />
      <Queue
        path={`/v1/tickets?state=completed&sort=-registeredAt&holder=${holder}`}
        title={words.closed}
        empty={words.noClosed}
      />
    </div>
  )
}
