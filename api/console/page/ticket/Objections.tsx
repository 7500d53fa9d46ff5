/** The objections to units of a ticket, and the dealer's way to raise one. */
import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import type { KpiUnitAnswer } from '../../../reports/kpi.ts'
import { type ActSubject, type TicketAct, targetOf } from '../acts/act.ts'
import { mayAttach, maySeePerson } from '../acts/rights.ts'
import type { ShownAttachment } from '../attachments/attachments.ts'
import { get } from '../core/api.ts'
import { now } from '../core/clock.ts'
import { label } from '../core/codes.ts'
import { say } from '../core/words.ts'
import { useAnswer } from '../lists/answer.ts'
import { position } from '../live/live.ts'
import { ObjectionActs, ObjectionFacts } from '../objections/ObjectionFacts.tsx'
import { type ShownObjection, objectionWords as words } from '../objections/objection.ts'
import { quarterOf } from '../reports/quarters.ts'
import { measureNames } from '../reports/Units.tsx'
import { me } from '../session/session.ts'
import { ActButtons } from './Acts.tsx'
import { filesPathOf } from './Attachments.tsx'
import type { TimelineItem, Whole } from './read.ts'

type Measure = (typeof measureNames)[number]

/** When terms of a dealer at a ticket began, the newest first: dispatches to it, and its being named responsible. */
const termsOf = (items: readonly TimelineItem[], dealer: string): string[] =>
  items
    .filter(
      ({ type, data }) =>
        (type === 'TicketDispatched' && data.tier === 'dealer' && data.unit === dealer) ||
        (type === 'ResponsibleDealerNamed' && data.dealer === dealer),
    )
    .map(({ at }) => at)
    .toReversed()

const nextMs = (instant: string): string => new Date(Date.parse(instant) + 1).toISOString()

/** The dealer's unit at a ticket, as the rates have it. @throws ApiProblem */
const findUnit = async ({ ticket, items }: Whole, dealer: string): Promise<KpiUnitAnswer | null> => {
  for (const from of termsOf(items, dealer)) {
    const query = new URLSearchParams({ from, to: nextMs(from), by: 'dealer', tier: 'dealer', dealer })
    const { data } = await get<{ items: KpiUnitAnswer[] }>(`/v1/reports/kpi/units?${query}`, {
      minPosition: position.peek(),
    })
    const unit = data.items.find(({ ticketNo }) => ticketNo === ticket.ticketNo)
    if (unit !== undefined) return unit
  }
  return null
}

/** The measures a dealer may object to now: of a unit that counts, of a quarter that is not frozen, once. @throws ApiProblem */
const openMeasures = async (
  whole: Whole,
  dealer: string,
  raised: readonly ShownObjection[],
): Promise<Measure[]> => {
  const { state } = whole.ticket
  if (state === 'rescinded' || state === 'duplicate') return []
  const unit = await findUnit(whole, dealer)
  if (unit === null) return []
  const isRaised = raised.some((each) => each.dealer === dealer && each.dispatchedAt === unit.dispatchedAt)
  if (isRaised) return []
  const quarter = quarterOf(Date.parse(unit.dispatchedAt))
  const { data } = await get<{ items: unknown[] }>(`/v1/assessments/${quarter}/revisions`)
  return data.items.length > 0 ? [] : measureNames.filter((name) => unit[name].verdict !== null)
}

/** Objecting to those measures, as an act on the ticket; `files`: those it has, to be referred to. */
export const raisingOf = (measures: readonly Measure[], files: readonly ShownAttachment[]): TicketAct => ({
  name: 'objections',
  words: words.raise,
  may: () => measures.length > 0,
  fields: [
    ...measures.map((measure) => ({
      name: `measure ${measure}`,
      words: { en: label('measures', measure), zh: label('measures', measure) },
      kind: 'check' as const,
    })),
    { name: 'reason', words: words.reason, kind: 'area', isRequired: true },
    ...files.map(({ attachmentId, name }) => {
      const text = say(words.refersTo, { name: name ?? '' })
      return { name: `file ${attachmentId}`, words: { en: text, zh: text }, kind: 'check' as const }
    }),
  ],
  takesFiles: ({ ticket, me: user }) => mayAttach(ticket, user),
  advice: (values) =>
    measures.some((measure) => values[`measure ${measure}`] === 'yes') ? [] : [words.chooseOne],
  body: ({ reason = '', ...values }, _subject, attachmentIds) => ({
    measures: measures.filter((measure) => values[`measure ${measure}`] === 'yes'),
    attachmentIds: [
      ...files.flatMap(({ attachmentId }) =>
        values[`file ${attachmentId}`] === 'yes' ? [attachmentId] : [],
      ),
      ...attachmentIds,
    ],
    reason: reason.trim(),
  }),
})

/** What the dealer may object to now; `null`: to nothing. @throws ApiProblem */
const raisingNow = async (
  whole: Whole,
  dealer: string,
  raised: readonly ShownObjection[],
): Promise<TicketAct | null> => {
  const measures = await openMeasures(whole, dealer, raised)
  if (measures.length === 0) return null
  const user = me.peek()
  const hasFiles = user !== null && maySeePerson(whole.ticket, user)
  const files = hasFiles
    ? (await get<{ items: ShownAttachment[] }>(filesPathOf(whole.ticket.ticketNo))).data.items
    : []
  return raisingOf(
    measures,
    files.filter(({ name }) => name !== null),
  )
}

const Raise = ({
  whole,
  raised,
  onDone,
}: {
  whole: Whole
  raised: readonly ShownObjection[]
  onDone(): void
}) => {
  const raising = useSignal<TicketAct | null>(null)
  const user = me.value
  const dealer = user?.roles.includes('dealer') ? user.dealer : null
  useEffect(() => {
    let isOver = false
    if (dealer !== null)
      raisingNow(whole, dealer, raised).then(
        (found) => {
          if (!isOver) raising.value = found
        },
        // it is offered once it can be judged
        () => undefined,
      )
    return () => {
      isOver = true
    }
  }, [dealer, whole, raised])
  if (user === null || dealer === null) return null
  const subject: ActSubject = { ticket: whole.ticket, me: user, now: now.value }
  return (
    <ActButtons
      acts={raising.value === null ? [] : [raising.value]}
      subject={subject}
      target={targetOf(whole.ticket)}
      onDone={onDone}
    />
  )
}

export const Objections = ({ whole, onDone }: { whole: Whole; onDone(): void }) => {
  const { ticketNo } = whole.ticket
  const { answer, readAgain } = useAnswer<{ items: ShownObjection[] }>(
    `/v1/objections?ticketNo=${encodeURIComponent(ticketNo)}`,
    (item) => item.ticketNo === ticketNo,
  )
  if (answer.value === null) return null
  const { items } = answer.value
  const done = (): void => {
    readAgain()
    onDone()
  }
  return (
    <section aria-label={say(words.title)} class="objections">
      {items.length > 0 && (
        <>
          <h2>{say(words.title)}</h2>
          <ul class="papers">
            {items.map((objection) => (
              <li key={objection.objectionId}>
                <ObjectionFacts objection={objection} />
                <ObjectionActs objection={objection} onDone={done} />
              </li>
            ))}
          </ul>
        </>
      )}
      <Raise whole={whole} raised={items} onDone={done} />
    </section>
  )
}
