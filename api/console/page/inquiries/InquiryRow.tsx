/** An inquiry in a list: what it is about, who asked, what falls due, and its acts. */
import type { InquiryRowAnswer } from '../../../inquiries/responseSchemas.ts'
import { label } from '../core/codes.ts'
import { hrefOf, route } from '../core/route.ts'
import { say } from '../core/words.ts'
import { RowActs } from '../lists/RowActs.tsx'
import { instant } from '../time/format.ts'
import { TimeLeft } from '../time/TimeLeft.tsx'
import { dealerName } from '../time/units.ts'
import { type InquiryAct, inquiryActs } from './acts.ts'
import { inquiryWords as words } from './words.ts'

export type InquiryRowData = InquiryRowAnswer

const SE = { tier: 'se', unit: 'SE' } as const
const CSC = { tier: 'csc', unit: 'CSC' } as const

const Due = ({ inquiry: { state, answerDueAt, relayDueAt, provisional } }: { inquiry: InquiryRowData }) => {
  if (state === 'forwarded')
    return <TimeLeft clock="answer" dueAt={answerDueAt} unit={SE} provisional={provisional} />
  if (state === 'answered')
    return <TimeLeft clock="relay" dueAt={relayDueAt} unit={CSC} provisional={provisional} />
  return null
}

type Props = { inquiry: InquiryRowData; onAct(act: InquiryAct): void }

export const InquiryRow = ({ inquiry, onAct }: Props) => {
  const { state, ticketNo, topic, customer, dealer, registeredAt } = inquiry
  const acts = inquiryActs(state)
  const person = [customer.name, customer.phone].filter((each) => each != null && each !== '').join(' ')
  return (
    <>
      <span class="row-tags">
        <span class="tag">{label('inquiryStates', state)}</span>
        {ticketNo !== null && (
          <a class="above" href={hrefOf({ screen: route.value.screen, ticketNo })} translate={false}>
            {ticketNo}
          </a>
        )}
      </span>
      <span class="row-what">
        {label('inquiryTopics', topic)}
        {person !== '' && <span translate={false}> · {person}</span>}
      </span>
      <span class="row-who">
        {dealer !== null && <span translate={false}>{dealerName(dealer)} · </span>}
        <span class="whole">
          {say(words.registered)} <span translate={false}>{instant(registeredAt)}</span>
        </span>
      </span>
      <Due inquiry={inquiry} />
      <RowActs acts={acts} words={words} onAct={onAct} />
    </>
  )
}
