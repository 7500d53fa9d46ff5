/** The letters of a ticket: written, read and printed. */
import { useSignal } from '@preact/signals'
import type { Letter } from '../../../letters/letters.ts'
import type { TicketAnswer } from '../../../tickets/responseSchemas.ts'
import { type ActSubject, type TicketAct, targetOf } from '../acts/act.ts'
import { letterKindsFor } from '../acts/rights.ts'
import { ApiProblem } from '../core/api.ts'
import { now } from '../core/clock.ts'
import { label } from '../core/codes.ts'
import { say, type Words } from '../core/words.ts'
import { atRest, useAnswer } from '../lists/answer.ts'
import { me } from '../session/session.ts'
import { instant } from '../time/format.ts'
import { unitName } from '../time/units.ts'
import { ActButtons } from './Acts.tsx'
import { openForm } from './forms.ts'
import { ticketWords } from './words.ts'

const words = {
  title: { en: 'Letters', zh: '回函' },
  write: { en: 'Write a letter', zh: '撰写回函' },
  kind: { en: 'To whom', zh: '回函类型' },
  addressee: { en: 'Addressee', zh: '收函人' },
  subject: { en: 'Subject', zh: '事由' },
  body: { en: 'Text', zh: '正文' },
  bodyHint: { en: 'Each line is a paragraph.', zh: '每行为一个段落。' },
  number: { en: 'No. {number}', zh: '第 {number} 号' },
  print: { en: 'Print', zh: '打印' },
  read: { en: 'Read', zh: '查看正文' },
} as const satisfies Record<string, Words>

const writeLetter: TicketAct = {
  name: 'letters',
  words: words.write,
  may: ({ ticket, me: user }) => letterKindsFor(ticket, user).length > 0,
  fields: [
    {
      name: 'kind',
      words: words.kind,
      kind: 'choice',
      isRequired: true,
      choices: ({ ticket, me: user }) =>
        letterKindsFor(ticket, user).map((kind) => ({ value: kind, text: label('letterKinds', kind) })),
    },
    { name: 'addressee', words: words.addressee, kind: 'line', isRequired: true },
    { name: 'subject', words: words.subject, kind: 'line', isRequired: true },
    { name: 'body', words: words.body, kind: 'area', isRequired: true, hint: words.bodyHint },
  ],
}

type Row = Omit<Letter, 'body'>

const Body = ({ path }: { path: string }) => {
  const { answer } = useAnswer<Letter>(path, atRest)
  if (answer.value === null) return null
  return (
    <p class="quote" translate={false}>
      {answer.value.body ?? say(ticketWords.masked)}
    </p>
  )
}

const Item = ({ letter, path, onPrint }: { letter: Row; path: string; onPrint(): void }) => {
  const isRead = useSignal(false)
  return (
    <li>
      <span class="tag">{label('letterKinds', letter.kind)}</span>{' '}
      {say(words.number, { number: letter.number })}{' '}
      <strong translate={false}>{letter.subject ?? say(ticketWords.masked)}</strong>{' '}
      <span class="row-who" translate={false}>
        {letter.addressee !== null && `${letter.addressee} · `}
        {unitName(letter.from)} · {instant(letter.writtenAt)} {letter.writtenBy}
      </span>
      <p class="buttons">
        <button
          type="button"
          class="quiet"
          data-act="read"
          aria-expanded={isRead.value}
          onClick={() => {
            isRead.value = !isRead.value
          }}
        >
          {say(words.read)}
        </button>
        <button type="button" class="quiet" data-act="print" onClick={onPrint}>
          {say(words.print)}
        </button>
      </p>
      {isRead.value && <Body path={path} />}
    </li>
  )
}

type Props = { ticket: TicketAnswer; onDone(): void; onProblem(problem: ApiProblem): void }

export const Letters = ({ ticket, onDone, onProblem }: Props) => {
  const path = `/v1/tickets/${encodeURIComponent(ticket.ticketNo)}/letters`
  const { answer, readAgain } = useAnswer<{ items: Row[] }>(path, (item) => item.ticketNo === ticket.ticketNo)
  const user = me.value
  const items = answer.value?.items ?? []
  if (user === null) return null
  const subject: ActSubject = { ticket, me: user, now: now.value }
  const acts = writeLetter.may(subject) ? [writeLetter] : []
  return (
    <section aria-label={say(words.title)} class="letters">
      {(items.length > 0 || acts.length > 0) && <h2>{say(words.title)}</h2>}
      <ul class="papers">
        {items.map((letter) => (
          <Item
            key={letter.number}
            letter={letter}
            path={`${path}/${letter.number}`}
            onPrint={() => {
              openForm(`${path}/${letter.number}/print`, 'letter').catch(
                (error: unknown) => error instanceof ApiProblem && onProblem(error),
              )
            }}
          />
        ))}
      </ul>
      <ActButtons
        acts={acts}
        subject={subject}
        target={targetOf(ticket)}
        onDone={() => {
          readAgain()
          onDone()
        }}
      />
    </section>
  )
}
