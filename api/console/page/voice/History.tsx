/** What was done about a sheet: the meeting, each return with its audit, follow-ups, the report, and what was booked. */
import type { ComponentChildren } from 'preact'
import type { ShownAttachment } from '../attachments/attachments.ts'
import { label } from '../core/codes.ts'
import { money } from '../core/money.ts'
import { say, type Words } from '../core/words.ts'
import { instant } from '../time/format.ts'
import { Fact, Written } from './Parts.tsx'
import { Reverse } from './Reverse.tsx'
import type { Sheet, WholeSheet } from './sheet.ts'
import { voiceWords as words } from './words.ts'

const Part = ({ title, children }: { title: Words; children: ComponentChildren }) => (
  <section aria-label={say(title)}>
    <h2>{say(title)}</h2>
    {children}
  </section>
)

const Meeting = ({ meeting }: { meeting: NonNullable<Sheet['meeting']> }) => (
  <Part title={words.meeting}>
    <dl class="facts">
      <Fact name={words.held}>
        <span translate={false}>{instant(meeting.heldAt, 'long')}</span>
      </Fact>
      <Fact name={words.attendees}>
        <Written text={meeting.attendees.length === 0 ? null : meeting.attendees.join(say(words.comma))} />
      </Fact>
    </dl>
  </Part>
)

/** Names of the files that went with a return; those that were removed since have none. */
const namesOf = (ids: readonly string[], files: readonly ShownAttachment[]): string =>
  ids
    .map((id) => files.find(({ attachmentId }) => attachmentId === id)?.name ?? say(words.removedFile))
    .join(say(words.comma))

const Return = ({
  returned,
  files,
}: {
  returned: Sheet['returns'][number]
  files: readonly ShownAttachment[]
}) => {
  const { at, by, signedBy, attachmentIds, audit } = returned
  return (
    <li>
      <p>
        {say(words.signedBy)}: <Written text={signedBy} />
      </p>
      <p class="row-who">
        {say(words.returned, { at: instant(at), who: by })}
        {attachmentIds.length > 0 && ` · ${say(words.files, { names: namesOf(attachmentIds, files) })}`}
      </p>
      {audit !== null && (
        <>
          <p>
            <span class={`tag verdict-${audit.decision === 'accepted' ? 'met' : 'failed'}`}>
              {label('voiceAuditDecisions', audit.decision)}
            </span>{' '}
            <span class="row-who">{say(words.audited, { at: instant(audit.at), who: audit.by })}</span>
          </p>
          {audit.reason !== null && (
            <p class="quote">
              <Written text={audit.reason} />
            </p>
          )}
        </>
      )}
    </li>
  )
}

const Booked = ({ sheet, onDone }: { sheet: Sheet; onDone(): void }) => (
  <Part title={words.ledger}>
    <ul class="papers">
      {sheet.ledger.map((entry) => (
        <li key={entry.entryId}>
          <p>
            <strong class="whole">{money(entry.amount)}</strong> {label('voiceLedgerKinds', entry.kind)}
            {entry.step !== null && ` · ${label('voiceSteps', entry.step)}`}
            {entry.indicator !== null && <span translate={false}> · {entry.indicator}</span>}
          </p>
          <p class="row-who">
            <span translate={false}>{instant(entry.bookedAt)}</span>
            {entry.reversedAt !== null && ` · ${say(words.reversed, { at: instant(entry.reversedAt) })}`}
          </p>
          {entry.reason !== null && (
            <p class="quote">
              <Written text={entry.reason} />
            </p>
          )}
          <Reverse entry={entry} onDone={onDone} />
        </li>
      ))}
    </ul>
  </Part>
)

type Props = { whole: WholeSheet; onDone(): void }

export const History = ({ whole: { sheet, files }, onDone }: Props) => {
  const { meeting, returns, followUps, report, ledger } = sheet
  return (
    <>
      {meeting !== null && <Meeting meeting={meeting} />}
      {returns.length > 0 && (
        <Part title={words.returns}>
          <ul class="papers">
            {returns.toReversed().map((returned) => (
              <Return key={returned.at} returned={returned} files={files} />
            ))}
          </ul>
        </Part>
      )}
      {followUps.length > 0 && (
        <Part title={words.followUps}>
          <ul class="papers">
            {followUps.toReversed().map(({ at, by, note }) => (
              <li key={at}>
                <p class="row-who" translate={false}>
                  {instant(at)} {by}
                </p>
                <p>
                  <Written text={note} />
                </p>
              </li>
            ))}
          </ul>
        </Part>
      )}
      {report !== null && (
        <Part title={words.result}>
          <p class="row-who">{say(words.reported, { at: instant(report.at), who: report.by })}</p>
          {report.summary !== null && (
            <p class="quote">
              <Written text={report.summary} />
            </p>
          )}
        </Part>
      )}
      {ledger.length > 0 && <Booked sheet={sheet} onDone={onDone} />}
    </>
  )
}
