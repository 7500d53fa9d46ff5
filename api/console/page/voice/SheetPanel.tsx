/** One sheet of customer voice: where it is, what may be done, its steps, items and history. */
import { useSignal } from '@preact/signals'
import { useEffect, useRef } from 'preact/hooks'
import { Files } from '../attachments/Files.tsx'
import { ApiProblem } from '../core/api.ts'
import { now } from '../core/clock.ts'
import { label } from '../core/codes.ts'
import { route } from '../core/route.ts'
import { say } from '../core/words.ts'
import { closeBeside } from '../screens/beside.ts'
import { me } from '../session/session.ts'
import { ActButtons } from '../ticket/Acts.tsx'
import { openForm } from '../ticket/forms.ts'
import { Timeline } from '../ticket/Timeline.tsx'
import { ticketWords } from '../ticket/words.ts'
import { instant } from '../time/format.ts'
import { dealerName, unitName } from '../time/units.ts'
import { ProblemNote } from '../ui/ProblemNote.tsx'
import { uiWords } from '../ui/words.ts'
import type { OfSheet } from './act.ts'
import { sheetActs } from './acts.ts'
import { DueIn } from './DueIn.tsx'
import { History } from './History.tsx'
import { itemActsFor } from './itemActs.ts'
import { Fact } from './Parts.tsx'
import { mayAttachToSheet, mayOpenSheet, mayRemoveFromSheet } from './rights.ts'
import { SheetItems } from './SheetItems.tsx'
import { Steps } from './Steps.tsx'
import { isOfSheet, type Sheet, sheetPath, useSheet, type WholeSheet } from './sheet.ts'
import { voiceWords as words } from './words.ts'

const Headline = ({ sheet }: { sheet: Sheet }) => (
  <>
    <p class="row-tags">
      <span class="tag">{label('voiceSheetStatuses', sheet.status)}</span>
    </p>
    <p class="headline" translate={false}>
      {dealerName(sheet.dealer)} · {sheet.month}
    </p>
    {sheet.step !== null && sheet.dueAt !== null && <DueIn step={sheet.step} dueAt={sheet.dueAt} />}
  </>
)

const Acts = ({ subject, onDone }: { subject: OfSheet; onDone(): void }) => {
  const { sheet } = subject
  const acts = sheetActs.filter((act) => act.may(subject))
  const isOver =
    acts.length === 0 && !sheet.items.some((item) => itemActsFor({ ...subject, item }).length > 0)
  return (
    <section class="acts" aria-label={say(ticketWords.acts)} tabIndex={-1}>
      {isOver && <p class="empty">{say(ticketWords.noActs)}</p>}
      <ActButtons
        acts={acts}
        subject={subject}
        target={{ path: sheetPath(sheet.sheetId), version: sheet.version }}
        onDone={onDone}
      />
    </section>
  )
}

const forms = {
  sheet: words.formSheet,
  minutes: words.formMinutes,
  evaluation: words.formEvaluation,
} as const

const Forms = ({ sheetId, onProblem }: { sheetId: string; onProblem(problem: ApiProblem): void }) => (
  <section aria-label={say(words.print)}>
    <h2>{say(words.print)}</h2>
    <p class="buttons">
      {(Object.keys(forms) as (keyof typeof forms)[]).map((name) => (
        <button
          key={name}
          type="button"
          data-act={`print-${name}`}
          onClick={() => {
            openForm(`${sheetPath(sheetId)}/forms/${name}`).catch((error: unknown) => {
              if (!(error instanceof ApiProblem)) throw error
              onProblem(error)
            })
          }}
        >
          {say(forms[name])}
        </button>
      ))}
    </p>
  </section>
)

type BodyProps = { whole: WholeSheet; onDone(): void; onProblem(problem: ApiProblem): void }

const Body = ({ whole, onDone, onProblem }: BodyProps) => {
  const user = me.value
  if (user === null) return null
  const { sheet, files } = whole
  const subject: OfSheet = { sheet, files, me: user, now: now.value }
  return (
    <>
      <Acts subject={subject} onDone={onDone} />
      <section class="facts" aria-label={say(words.sheet)}>
        <dl>
          <Fact name={words.sentAt}>
            <span translate={false}>{instant(sheet.sentAt, 'long')}</span>
          </Fact>
          <Fact name={words.dealer}>
            <span translate={false}>
              {dealerName(sheet.dealer)} ({sheet.dealer})
            </span>
          </Fact>
          <Fact name={words.rbo}>
            <span translate={false}>{unitName({ tier: 'rbo', unit: sheet.rbo })}</span>
          </Fact>
        </dl>
      </section>
      <Steps sheet={sheet} />
      <SheetItems subject={subject} onDone={onDone} />
      <History whole={whole} onDone={onDone} />
      {mayOpenSheet(sheet, user) && (
        <Files
          // a return adds files too
          key={files.length}
          path={`${sheetPath(sheet.sheetId)}/attachments`}
          mayAdd={mayAttachToSheet(sheet, user)}
          mayRemove={mayRemoveFromSheet(user)}
          concerns={isOfSheet(sheet.sheetId)}
          onDone={onDone}
        />
      )}
      <Forms sheetId={sheet.sheetId} onProblem={onProblem} />
      <Timeline items={whole.items} />
    </>
  )
}

const Panel = ({ sheetId }: { sheetId: string }) => {
  const reading = useSheet(sheetId)
  const heading = useRef<HTMLHeadingElement>(null)
  const failed = useSignal<ApiProblem | null>(null)
  useEffect(() => heading.current?.focus(), [sheetId])
  const whole = reading.whole.value
  const problem = failed.value ?? reading.problem.value
  return (
    <article class="ticket" aria-labelledby="sheet-heading">
      <header class="ticket-head">
        <button type="button" class="quiet back" onClick={closeBeside}>
          {say(uiWords.back)}
        </button>
        <h1 id="sheet-heading" ref={heading} tabIndex={-1} translate={false}>
          {sheetId}
        </h1>
        {whole !== null && <Headline sheet={whole.sheet} />}
      </header>
      {problem !== null &&
        (problem.status === 404 ? <p class="empty">{say(words.gone)}</p> : <ProblemNote problem={problem} />)}
      {whole !== null && (
        <Body
          whole={whole}
          onDone={reading.readAgain}
          onProblem={(error) => {
            failed.value = error
          }}
        />
      )}
    </article>
  )
}

/** The sheet of the address. */
export const SheetPanel = () => {
  const { sheetId } = route.value
  return sheetId === null ? null : <Panel key={sheetId} sheetId={sheetId} />
}
