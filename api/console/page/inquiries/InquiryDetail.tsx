/** One inquiry whole: question, answer, attempts to pass it on, and its files. */
import { useEffect } from 'preact/hooks'
import type { InquiryAnswer } from '../../../inquiries/responseSchemas.ts'
import { seesPersons } from '../acts/rights.ts'
import { Files } from '../attachments/Files.tsx'
import { label } from '../core/codes.ts'
import { say, type Words } from '../core/words.ts'
import { useAnswer } from '../lists/answer.ts'
import { listWords } from '../lists/words.ts'
import type { StreamItem } from '../live/reader.ts'
import { me } from '../session/session.ts'
import { ticketWords } from '../ticket/words.ts'
import { instant } from '../time/format.ts'
import { ProblemNote } from '../ui/ProblemNote.tsx'
import { inquiryPath, mayAttachTo } from './acts.ts'
import { inquiryWords as words } from './words.ts'

const Text = ({ name, text }: { name: Words; text: string | null }) => (
  <div>
    <dt>{say(name)}</dt>
    <dd class="content" translate={false}>
      {text}
    </dd>
  </div>
)

const Texts = ({ inquiry }: { inquiry: InquiryAnswer }) => {
  const { question, forwardNote, answer, withdrawReason } = inquiry
  return (
    <dl class="facts texts">
      <Text name={words.question} text={question ?? say(ticketWords.masked)} />
      {forwardNote !== null && <Text name={words.forwardNote} text={forwardNote} />}
      {answer !== null && <Text name={words.answer} text={answer} />}
      {withdrawReason !== null && <Text name={words.withdrawn} text={withdrawReason} />}
    </dl>
  )
}

const Relays = ({ relays }: Pick<InquiryAnswer, 'relays'>) => (
  <section aria-label={say(words.relays)}>
    <h3>{say(words.relays)}</h3>
    <ul>
      {relays.map(({ at, method, reached, note }) => (
        <li key={at}>
          <span translate={false}>{instant(at)}</span> {label('methods', method)},{' '}
          {say(reached ? words.reachedNow : words.notReached)}
          {note !== null && <span translate={false}> · {note}</span>}
        </li>
      ))}
    </ul>
  </section>
)

const concerns =
  (inquiryNo: string) =>
  (item: StreamItem): boolean =>
    'inquiryNo' in item && item.inquiryNo === inquiryNo

export const InquiryDetail = ({ inquiryNo, version }: { inquiryNo: string; version: number }) => {
  const path = inquiryPath(inquiryNo)
  const { answer, problem, readAgain } = useAnswer<InquiryAnswer>(path, concerns(inquiryNo))
  // not every act on an inquiry is news; the row has its newest version
  useEffect(() => {
    if (answer.value !== null && answer.value.version !== version) readAgain()
  }, [version])
  const user = me.value
  const inquiry = answer.value
  if (problem.value !== null) return <ProblemNote problem={problem.value} />
  if (inquiry === null || user === null) return <p class="empty">{say(listWords.loading)}</p>
  return (
    <>
      <Texts inquiry={inquiry} />
      {inquiry.relays.length > 0 && <Relays relays={inquiry.relays} />}
      {seesPersons(user) && (
        <Files
          path={`${path}/attachments`}
          mayAdd={mayAttachTo(inquiry, user)}
          mayRemove={user.roles.some((role) => role === 'csc_supervisor' || role === 'sa')}
          concerns={concerns(inquiryNo)}
        />
      )}
    </>
  )
}
