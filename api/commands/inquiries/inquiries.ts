/** Registering an inquiry, and the acts on one (rulebook §12). */
import { type NewEvent, type Position, VersionConflict } from '../../../domain/eventStore.ts'
import { type InquiryEvent, type InquiryNo, inquiryStream } from '../../../domain/inquiry/events.ts'
import { type InquiryCommand, inquiryAggregate } from '../../../domain/inquiry/inquiry.ts'
import { evolveInquiry, type Inquiry } from '../../../domain/inquiry/state.ts'
import type { Instant } from '../../../domain/instant.ts'
import { Refusal } from '../../../domain/refusal.ts'
import type { SealedText } from '../../../domain/sealed.ts'
import { stampAfter } from '../../../domain/stamp.ts'
import { eventsOf } from '../../../domain/storedEvents.ts'
import { noCustomer, noVehicle } from '../../../domain/ticket/person.ts'
import { type Act, speakingOf } from '../act.ts'
import { Conflict } from '../conflict.ts'
import type { CommandDeps } from '../deps.ts'
import { type FoldedStream, nothingFound, readFound } from '../folded.ts'
import { decideAndAppend, type HandleResult, handle } from '../handle.ts'
import { commandOf, subjectFor, withCustomers } from '../tickets/customerQueue.ts'
import { type Text, toSeal } from '../tickets/personal.ts'
import { inquiryNoOf } from '../tickets/ticketNo.ts'
import type { InquiryActBody, InquiryActName, InquiryBody } from './bodies.ts'

/** An inquiry after an act, and where the act is in the log. */
export type InquiryDone = {
  inquiry: Inquiry
  version: number
  position: Position | null
  events: NewEvent<InquiryEvent>[]
}

const doneOf = ({ state, version, position, events }: HandleResult<Inquiry, InquiryEvent>): InquiryDone => ({
  inquiry: state as Inquiry,
  version,
  position,
  events,
})

export const readInquiry = (
  deps: Pick<CommandDeps, 'store' | 'folded'>,
  inquiryNo: InquiryNo,
): Promise<FoldedStream<Inquiry>> => readFound(deps, inquiryAggregate, inquiryNo)

/** What happened to an inquiry, oldest first; nothing where there is none. */
export const readInquiryEvents = async ({ store }: Pick<CommandDeps, 'store'>, inquiryNo: InquiryNo) =>
  eventsOf<InquiryEvent>(await store.readStream(inquiryStream(inquiryNo)))

/** The inquiry after its first events. */
export const inquiryAfter = (events: Awaited<ReturnType<typeof readInquiryEvents>>): Inquiry | null =>
  events.reduce<Inquiry | null>((state, event) => evolveInquiry(state, event, event.metadata), null)

/** Numbers tried before a registration is given up. */
const attempts = 8

/**
 * Registers an inquiry, while nothing else of the same customer or external number is registered. Its customer is the
 * data subject of tickets and inquiries with the same customer number or phone.
 * @throws Refusal `inquiry_external_no_taken`, `unknown_topic`, `unknown_dealer`, `role_not_allowed`
 */
export const registerInquiry = (deps: CommandDeps, body: InquiryBody, act: Act): Promise<InquiryDone> => {
  const { externalNo, channel, topic, dealerCode: dealer, question, answer, ...given } = body
  const isAnonymous = given.customer === null && given.vehicle === null
  const person = { customer: given.customer ?? noCustomer, vehicle: given.vehicle ?? noVehicle }
  return withCustomers(deps, { person, externalNo, command: commandOf(act) }, async (hashes) => {
    const taken = externalNo === null ? null : deps.views.inquiries.numberOf(externalNo)
    if (taken !== null)
      throw new Refusal(
        'inquiry_external_no_taken',
        { externalNo: externalNo as string, inquiryNo: taken },
        '#/externalNo',
      )
    const subjectId = await subjectFor(deps, {}, hashes)
    const seal = (value: object): SealedText => deps.sealing.seal(subjectId, value)
    const command = {
      type: 'RegisterInquiry' as const,
      externalNo,
      subjectId,
      channel,
      topic,
      dealer,
      customer: isAnonymous ? null : seal(toSeal(person)),
      text: seal({ question }),
      answer: answer === null ? null : seal({ answer }),
    }
    for (let attempt = 1; ; attempt++) {
      const inquiryNo = inquiryNoOf(act.commandId, act.now, attempt)
      const doing = {
        id: inquiryNo,
        found: nothingFound,
        command: { ...command, inquiryNo },
        act: speakingOf(act, subjectId),
        now: act.now,
      }
      try {
        return doneOf(await decideAndAppend(deps, inquiryAggregate, doing))
      } catch (error) {
        if (!(error instanceof VersionConflict)) throw error
        if (attempt === attempts) throw new Conflict('write_conflict')
      }
    }
  })
}

type CommandInputs<N extends InquiryActName> = (
  body: InquiryActBody<N>,
  seal: (text: Text) => SealedText,
) => InquiryCommand

const noted = (note: string | null, seal: (text: Text) => SealedText): SealedText | null =>
  note === null ? null : seal({ note })

/** How each body becomes a command. */
const commands: { [N in InquiryActName]: CommandInputs<N> } = {
  forward: ({ note }, seal) => ({ type: 'ForwardInquiry', text: noted(note, seal) }),
  answer: ({ answer }, seal) => ({ type: 'AnswerInquiry', text: seal({ answer }) }),
  relay: ({ method, reached, note }, seal) => ({
    type: 'RelayInquiry',
    method,
    reached,
    text: noted(note, seal),
  }),
  withdraw: ({ reason }, seal) => ({ type: 'WithdrawInquiry', text: seal({ reason }) }),
}

/** What a write on an inquiry rests on beside its command. */
export type Guards = { before(found: FoldedStream<Inquiry>): void; once: boolean }

/** @throws Refusal `inquiry_not_found` */
export const requireInquiry = (inquiryNo: InquiryNo, inquiry: Inquiry | null): Inquiry => {
  if (inquiry === null) throw new Refusal('inquiry_not_found', { inquiryNo })
  return inquiry
}

/** The act's instant: after a small step back of the clock facts do not go backwards. */
const stamp =
  (act: Act) =>
  (inquiry: Inquiry | null): Instant =>
    inquiry === null ? act.now : stampAfter(act.now, inquiry.lastAt)

/** Gives an inquiry that is there a command. @throws Refusal; Conflict, see `handle` */
export const giveInquiry = async (
  deps: CommandDeps,
  inquiryNo: InquiryNo,
  make: (inquiry: Inquiry) => InquiryCommand | Promise<InquiryCommand>,
  { act, guards }: { act: Act; guards?: Guards },
): Promise<InquiryDone> =>
  doneOf(
    await handle(deps, inquiryAggregate, inquiryNo, {
      act,
      once: guards?.once ?? false,
      before: (found) => {
        requireInquiry(inquiryNo, found.state)
        guards?.before(found)
      },
      at: stamp(act),
      command: ({ state }) => make(state as Inquiry),
    }),
  )

/** Does one of the acts that concern the inquiry alone. @throws as `giveInquiry` */
export const actOnInquiry = <N extends InquiryActName>(
  deps: CommandDeps,
  inquiryNo: InquiryNo,
  { name, body }: { name: N; body: InquiryActBody<N> },
  doing: { act: Act; guards: Guards },
): Promise<InquiryDone> =>
  giveInquiry(
    deps,
    inquiryNo,
    ({ subjectId }) =>
      (commands[name] as CommandInputs<N>)(body, (text) => deps.sealing.seal(subjectId, text)),
    doing,
  )
