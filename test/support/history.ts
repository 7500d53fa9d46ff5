/** Random lives of tickets, each act judged by `decide`: a log as the service would have written it. */
import { commandIdOf } from '../../api/commands/commandId.ts'
import type { Actor, Role } from '../../domain/authority.ts'
import { officialYears } from '../../domain/calendar/officialCalendar.ts'
import { buildTimetable } from '../../domain/calendar/workingTime.ts'
import {
  type Channel,
  callbackOutcomeSchema,
  channelSchema,
  decisionSchema,
  flagSchema,
  goodwillKindSchema,
  measureSchema,
  remedySchema,
  severitySchema,
} from '../../domain/codes.ts'
import { type DueEvent, duesBeganStream } from '../../domain/dues.ts'
import { eventId, type StoredEvent } from '../../domain/eventStore.ts'
import { type Instant, toEpoch, toInstant } from '../../domain/instant.ts'
import type { Master } from '../../domain/master.ts'
import { defaultPolicy } from '../../domain/policy.ts'
import { Refusal } from '../../domain/refusal.ts'
import type { Sealed } from '../../domain/sealed.ts'
import type { Sealing } from '../../domain/sealing.ts'
import type { TicketCommand } from '../../domain/ticket/commands.ts'
import { decide } from '../../domain/ticket/decide.ts'
import { type Registration, type TicketEvent, ticketStream } from '../../domain/ticket/events.ts'
import { evolve } from '../../domain/ticket/evolve.ts'
import { followUpOf } from '../../domain/ticket/followUps.ts'
import type { Category } from '../../domain/ticket/routing.ts'
import { currentAssignment, type Ticket } from '../../domain/ticket/state.ts'
import { createRandom } from '../../src/demo/random.ts'
import { deskSteps, endsAnAct } from './deskHistory.ts'

export const dealerCodes = ['D1', 'D2', 'D3', 'D4', 'D5', 'D6']
const rboOf = (code: string) => (Number(code.slice(1)) % 2 === 0 ? 'EAST' : 'WEST')
const cn = buildTimetable({ opens: '09:00', closes: '18:00', years: officialYears() })

const masterWith = (responseMinutes: number): Master => ({
  policy: {
    version: responseMinutes,
    values: {
      ...defaultPolicy,
      responseMinutes: { dealer: responseMinutes, rbo: responseMinutes, se: 120, se_media: 120 },
    },
  },
  dealer: (code) => ({ code, name: code, rbo: rboOf(code), calendar: 'CN', active: true }),
  rbo: (code) => ({ code, name: code, calendar: 'CN' }),
  calendar: (id) => ({ id, version: 1, timetable: cn }),
})

export type HistoryOptions = {
  seed: number
  /** Acts tried; some are refused and leave nothing. */
  acts: number
  sealing: Sealing
  start?: Instant
  /** Mean pause between acts. */
  stepMs?: number
  /** Open tickets above which nothing is registered. */
  mostOpen?: number
}

const someCategories: Category[] = ['A4a', 'A4a', 'A4d', 'A4c', 'A4y', 'A4z', 'B4', 'B4']

const actorFor = (roles: Role[], more: Partial<Actor> = {}): Actor => ({
  id: `${roles[0]}-1`,
  roles,
  ...more,
})

/** The log of `acts` random acts; the same seed gives the same log. */
export const randomHistory = (
  options: HistoryOptions,
): { events: StoredEvent[]; tickets: Map<string, Ticket> } => {
  const { seed, acts, sealing, mostOpen = 40, stepMs = 20 * 60_000 } = options
  const { next: random, pick, chance } = createRandom(seed)
  const events: StoredEvent[] = []
  const tickets = new Map<string, Ticket>()
  const master = [masterWith(120), masterWith(60)] as const
  let now = toEpoch(options.start ?? '2026-03-02T01:00:00.000Z')
  let registered = 0
  let command = 0

  const uuid = () => {
    command += 1
    return `${command.toString(16).padStart(8, '0')}-0000-4000-8000-${seed.toString(16).padStart(9, '0').slice(-9)}000`
  }
  const text = (ticketNo: string): Sealed => sealing.seal(`s-${ticketNo}`, { note: `${command}` })

  const append = (ticketNo: string, made: TicketEvent[], causationId?: string): StoredEvent[] => {
    const commandId = uuid()
    const known = tickets.get(ticketNo) ?? null
    let version = known?.version ?? 0
    let state = known
    const stored = made.map((event, index): StoredEvent => {
      version += 1
      const metadata = {
        commandId,
        actor: { id: 'someone', role: 'csr' },
        correlationId: 'r',
        recordedAt: toInstant(now),
        ...(causationId === undefined ? {} : { causationId }),
        ...(chance(0.5) ? { requestDigest: `digest-${commandId}` } : {}),
      }
      state = evolve(state, event, metadata)
      const position = String(events.length + 1)
      const whole = {
        id: eventId(commandId, index),
        ...event,
        metadata,
        stream: ticketStream(ticketNo),
        version,
        position,
      }
      events.push(whole)
      return whole
    })
    if (state !== null) tickets.set(ticketNo, state)
    return stored
  }

  const give = (
    ticketNo: string,
    asked: object,
    { actor = actorFor(['csr']), causationId }: { actor?: Actor; causationId?: string } = {},
  ): void => {
    const ticket = tickets.get(ticketNo) ?? null
    const recalculating = (asked as { type: string }).type === 'Recalculate'
    let made: TicketEvent[]
    try {
      made = decide(ticket, { ...asked, now: toInstant(now), actor } as TicketCommand, {
        master: recalculating ? master[1] : master[0],
        now: toInstant(now),
      })
    } catch (error) {
      if (error instanceof Refusal) return
      throw error
    }
    for (const event of append(ticketNo, made, causationId)) {
      const next = followUpOf(ticketNo, event as unknown as TicketEvent)
      if (next === null || next.command.type === 'RegisterFromCallback') continue
      give(next.ticketNo, next.command, { causationId: event.id })
    }
  }

  const personOf = (ticketNo: string, customer: number): Sealed =>
    sealing.seal(`s-${ticketNo}`, {
      customer: {
        name: `王 芳${customer % 5}`,
        customerId: chance(0.5) ? `C${customer}` : null,
        phone: `1380000${String(customer).padStart(4, '0')}`,
      },
      vehicle: {
        vin: chance(0.3) ? `lsvaa49j1320473${String(customer).padStart(2, '0')}` : null,
        plateNo: `沪A·${10_000 + (customer % 9)}`,
      },
    })
  const registration = (more: Partial<Registration>): Registration => {
    registered += 1
    const ticketNo = `T${seed}-${String(registered).padStart(6, '0')}`
    const category = more.category ?? pick(someCategories)
    const customer = Math.floor(random() * 30)
    return {
      ticketNo,
      externalNo: chance(0.3) ? `X-${ticketNo}` : null,
      subjectId: `s-${ticketNo}`,
      channel: pick<Channel>(['phone', 'phone', ...channelSchema.options]),
      source: category === 'B4' ? 'media' : null,
      category,
      ordinal: 1,
      receivedAt: toInstant(now),
      flags: chance(0.1) ? [pick(flagSchema.options)] : [],
      dealer: pick(dealerCodes),
      escalatedFrom: null,
      relatedTo: null,
      customer: personOf(ticketNo, customer),
      ...(chance(0.3) && { severity: pick(severitySchema.options) }),
      ...(chance(0.1) && { safety: true as const }),
      ...(chance(0.3) && { remedy: pick(remedySchema.options) }),
      text: text(ticketNo),
      ...more,
    }
  }
  const register = (): void => {
    const made = registration({})
    give(made.ticketNo, { type: 'Register', registration: made })
  }
  const contact = (ticket: Ticket) => ({
    type: 'LogContact',
    subjectId: `s-${ticket.ticketNo}`,
    channel: pick<Channel>(['phone', 'phone', 'email']),
    flags: chance(0.15) ? [pick(flagSchema.options)] : [],
    externalNo: chance(0.1) ? `XC-${command}` : null,
    source: null,
    dealer: null,
    receivedAt: null,
    occurredAt: null,
    // every third comes with the caller's own data, as a complaint that joined an open ticket does
    customer:
      command % 3 === 0
        ? sealing.seal(`s-${ticket.ticketNo}`, { customer: { phone: `1390000${command % 10_000}` } })
        : null,
    text: text(ticket.ticketNo),
  })

  const holderOf = (ticket: Ticket): Actor => {
    const { tier, unit } = currentAssignment(ticket)
    return actorFor([tier], { dealer: unit, rbo: unit })
  }
  const list = () => [...tickets.values()]
  const acting: ((ticket: Ticket) => void)[] = [
    (ticket) => give(ticket.ticketNo, contact(ticket)),
    (ticket) => respond(ticket, holderOf(ticket)),
    (ticket) => respond(ticket, holderOf(ticket)),
    (ticket) =>
      respond(ticket, actorFor(['dealer'], { dealer: ticket.responsibilities.at(-1)?.unit ?? 'D1' })),
    (ticket) =>
      give(ticket.ticketNo, {
        type: 'RecordWork',
        kind: pick(['investigation', 'consumer_informed', 'hq_feedback']),
        text: text(ticket.ticketNo),
      }),
    (ticket) =>
      give(ticket.ticketNo, {
        type: 'Close',
        rootCauseCode: pick([null, 'other']),
        measuresDoneAt: null,
        decision: pick(decisionSchema.options),
        goodwill: { kind: pick(goodwillKindSchema.options), amount: Math.floor(random() * 5_000) },
        text: text(ticket.ticketNo),
      }),
    (ticket) =>
      give(ticket.ticketNo, {
        type: 'Close',
        rootCauseCode: null,
        measuresDoneAt: null,
        text: text(ticket.ticketNo),
      }),
    (ticket) =>
      give(ticket.ticketNo, {
        type: 'Redispatch',
        to: pick([
          { dealerCode: pick(dealerCodes) },
          { dealerCode: pick(dealerCodes) },
          { tier: 'dealer' },
          { tier: 'rbo' },
          { tier: 'se' },
        ]),
        misrouted: chance(0.3),
        text: text(ticket.ticketNo),
      }),
    (ticket) =>
      give(ticket.ticketNo, {
        type: 'Reclassify',
        category: pick(someCategories),
        source: null,
        dealerCode: null,
        text: text(ticket.ticketNo),
      }),
    (ticket) =>
      give(ticket.ticketNo, { type: 'NameResponsibleDealer', dealerCode: pick(dealerCodes.slice(0, 3)) }),
    (ticket) =>
      give(ticket.ticketNo, { type: 'NameResponsibleDealer', dealerCode: pick(dealerCodes.slice(0, 3)) }),
    (ticket) => give(ticket.ticketNo, { type: 'ConvertToC', text: text(ticket.ticketNo) }),
    (ticket) =>
      give(ticket.ticketNo, { type: 'RaiseWarning', code: pick(['W3', 'W4']), text: text(ticket.ticketNo) }),
    (ticket) => {
      const warning = ticket.warnings.length === 0 ? null : pick(ticket.warnings)
      if (warning !== null)
        give(ticket.ticketNo, {
          type: chance(0.5) ? 'AcknowledgeWarning' : 'ResolveWarning',
          warningId: warning.warningId,
          text: text(ticket.ticketNo),
        })
    },
    (ticket) => {
      if (!chance(0.5)) return
      const corrected = personOf(ticket.ticketNo, Math.floor(random() * 30))
      const fields = ['customer.customerId', 'customer.phone', 'vehicle.vin']
      give(ticket.ticketNo, { type: 'Correct', fields, customer: corrected, text: text(ticket.ticketNo) })
    },
    (ticket) => {
      if (!chance(0.5)) return
      const changes = pick([
        { severity: pick([null, ...severitySchema.options]) },
        { safety: chance(0.5) },
        { remedy: pick([null, ...remedySchema.options]), hasRemedyText: true },
      ])
      const words = text(ticket.ticketNo)
      give(ticket.ticketNo, { type: 'ChangeWeight', hasRemedyText: false, ...changes, text: words })
    },
    (ticket) => {
      const actor = holderOf(ticket)
      const assignee = pick([actor.id, 'a colleague'])
      give(ticket.ticketNo, chance(0.8) ? { type: 'Claim', assignee } : { type: 'Release' }, { actor })
    },
    (ticket) => object(ticket),
    (ticket) => object(ticket),
    (ticket) => chance(0.3) && give(ticket.ticketNo, { type: 'Recalculate', text: text(ticket.ticketNo) }),
    (ticket) => chance(0.15) && give(ticket.ticketNo, { type: 'Rescind', text: text(ticket.ticketNo) }),
    (ticket) =>
      chance(0.4) &&
      give(ticket.ticketNo, {
        type: 'MarkDuplicate',
        survivor: pick(list().slice(-30)),
        text: text(ticket.ticketNo),
      }),
  ]
  const afterwards: ((ticket: Ticket) => void)[] = [
    (ticket) =>
      give(ticket.ticketNo, {
        type: 'RecordCallback',
        ...(chance(0.5) && { score: pick([1, 2, 3, 4, 5]) }),
        outcome: pick(['unreachable', ...callbackOutcomeSchema.options]),
        sameProblem: chance(0.7),
        repeatExternalNo: null,
        occurredAt: null,
        text: text(ticket.ticketNo),
      }),
    (ticket) => {
      const { ticketNo, ordinal, category } = ticket
      if (ticket.escalatedTo !== null || category === 'C4') return
      const made = registration({ category, ordinal: ordinal + 1, escalatedFrom: ticketNo })
      give(ticketNo, { type: 'OpenRepeat', registration: made })
    },
    (ticket) =>
      give(ticket.ticketNo, {
        type: 'LinkRepeat',
        repeat: pick(list().slice(-20)),
        text: text(ticket.ticketNo),
      }),
    (ticket) =>
      ticket.escalatedTo !== null &&
      give(ticket.ticketNo, {
        type: 'UnlinkRepeat',
        repeat: ticket.escalatedTo,
        text: text(ticket.ticketNo),
      }),
    (ticket) => object(ticket),
    (ticket) => object(ticket),
    (ticket) => chance(0.2) && give(ticket.ticketNo, { type: 'Rescind', text: text(ticket.ticketNo) }),
    (ticket) => chance(0.2) && give(ticket.ticketNo, { type: 'Recalculate', text: text(ticket.ticketNo) }),
  ]
  /** A dealer objects to its unit, or what it objected to is decided or withdrawn. */
  function object(ticket: Ticket): void {
    const { ticketNo } = ticket
    const open = ticket.objections.find(({ status }) => status === 'open')
    if (open === undefined) {
      const dealer = pick([...ticket.assignments, ...ticket.responsibilities]).unit
      const measures = pick([
        ...measureSchema.options.map((name) => [name]),
        ['response', 'firstTime'],
        measureSchema.options,
      ])
      const raise = { type: 'RaiseObjection', dealer, measures, frozenRevision: null, text: text(ticketNo) }
      give(ticketNo, raise, { actor: actorFor(['dealer'], { dealer }) })
      return
    }
    const { objectionId, dealer } = open
    if (chance(0.15))
      give(ticketNo, { type: 'WithdrawObjection', objectionId }, { actor: actorFor(['dealer'], { dealer }) })
    else {
      const decision = chance(0.7) ? 'upheld' : 'rejected'
      give(ticketNo, { type: 'DecideObjection', objectionId, decision, text: text(ticketNo) })
    }
  }
  function respond(ticket: Ticket, actor: Actor): void {
    give(
      ticket.ticketNo,
      {
        type: 'RecordResponse',
        method: 'phone',
        reached: chance(0.8),
        promisedReplyAt: null,
        text: text(ticket.ticketNo),
      },
      { actor },
    )
  }

  const enter = (
    stream: string,
    entered: { type: string; data: unknown }[],
    after = 0,
    more: { commandId?: string; causationId?: string } = {},
  ): void => {
    for (const [index, event] of entered.entries()) {
      const metadata = {
        commandId: more.commandId ?? uuid(),
        actor: { id: 'hq', role: 'hq_sales' },
        correlationId: 'r',
        recordedAt: toInstant(now),
        ...(more.causationId !== undefined && { causationId: more.causationId }),
      }
      const position = String(events.length + 1)
      events.push({
        id: eventId(metadata.commandId, 0),
        ...event,
        metadata,
        stream,
        version: after + index + 1,
        position,
      })
    }
  }
  enter('calendar-CN', [
    { type: 'CalendarDefined', data: { opens: '09:00', closes: '18:00', daysOf: null } },
    { type: 'CalendarYearSet', data: { year: 2026, off: ['2026-05-01'], work: [], source: 'x' } },
  ])
  for (const rbo of ['EAST', 'WEST'])
    enter(`rbo-${rbo}`, [{ type: 'RboSet', data: { name: rbo, calendar: null } }])
  for (const code of dealerCodes)
    enter(`dealer-${code}`, [
      { type: 'DealerSet', data: { name: code, rbo: rboOf(code), calendar: null, active: true } },
      { type: 'DeliveriesSet', data: { quarter: '2026Q1', count: 10 } },
    ])

  const policyVersion = 0
  const settling = [
    { type: 'QuarterFrozen', data: { policyVersion } },
    { type: 'QuarterRevised', data: { policyVersion, reason: 'a late import' } },
    {
      type: 'TieDecided',
      data: { policyVersion, rbo: 'EAST', tied: ['D2', 'D4'], rewarded: ['D2'], reason: 'by lot' },
    },
  ]
  const hook = {
    url: 'https://example.com/hooks',
    events: ['*'],
    rbo: null,
    dealer: null,
    includeContacts: false,
    description: '',
  }
  const subjectId = '00000000-0000-7000-8000-0000000000aa'
  const secret = sealing.seal('s-webhook', 'whsec_c2VjcmV0')
  enter('webhook-one', [
    { type: 'WebhookCreated', data: { ...hook, subjectId, secret } },
    { type: 'WebhookPaused', data: { reason: 'request' } },
  ])
  enter('webhook-two', [
    { type: 'WebhookCreated', data: { ...hook, subjectId, secret } },
    { type: 'WebhookDeleted', data: {} },
  ])
  const kept = {
    ...{
      stream: 'ticket-T1',
      version: 1,
      eventId: subjectId,
      at: '2026-03-02T01:00:00.000Z',
      ticketNo: 'T1',
    },
    ...{ name: 'ticket.registered', attempts: 2 },
  }
  const progress = { since: null, requestsDone: 1, failingSince: null, pending: [], unparked: [] }
  enter('webhookcursor-one', [
    {
      type: 'WebhookProgressed',
      data: {
        ...progress,
        after: { stream: 'ticket-T1', version: 1 },
        sequence: 2,
        parked: [1, 2].map((sequence) => ({ ...kept, sequence, parkedAt: '2026-03-05T01:00:00.000Z' })),
      },
    },
    {
      type: 'WebhookProgressed',
      data: {
        ...progress,
        after: { stream: 'ticket-T1', version: 2 },
        sequence: 3,
        pending: [{ ...kept, sequence: 3, firstAt: null, nextAt: null }],
        parked: [],
        unparked: [1],
      },
    },
  ])
  // as an import with a key leaves it
  enter('import-00000000-0000-4000-8000-000000000001', [
    { type: 'ImportCompleted', data: { lines: 0, applied: 0, unchanged: 0, rejectedCount: 0, rejected: [] } },
  ])
  // a customer who is in no ticket of this history
  enter('erasure-s-nobody', [
    { type: 'SubjectErased', data: { subjectId: 's-nobody', reason: 'asked by the customer' } },
  ])
  const began: DueEvent = { type: 'DuesBegan', data: {} }
  enter(duesBeganStream, [began])
  let facts = 0
  /** As if the timer found the response of a ticket due. */
  const passDue = ({ ticketNo, assignments }: Ticket): void => {
    const { startedAt, clocks, unit } = assignments[0]
    const due = { ticketNo, subject: ticketNo, startedAt, dueAt: clocks.responseDueAt, unit }
    enter('dues-2026-01', [{ type: 'DuePassed', data: { ...due, clock: 'response' } }], facts)
    facts += 1
  }
  const desk = deskSteps(sealing)
  /** With ids of its own, so that what happens to tickets stays as it was. */
  const enterDesk = (): void => {
    const step = desk.shift()
    if (step === undefined) return
    const { stream, version, event } = step
    const commandId = commandIdOf('desk', stream, String(version))
    const first = commandIdOf('desk', stream, String(version - 1))
    enter(stream, [event], version - 1, {
      commandId,
      ...(endsAnAct(event.type) && { causationId: eventId(first, 0) }),
    })
  }
  for (let act = 0; act < acts; act++) {
    if (act % 10 === 0) enterDesk()
    // as if the quarter were settled while it goes on, so that what comes later has much to change
    const settled = settling.findIndex((_, index) => act === Math.floor(((index + 1) * acts) / 4))
    if (settled >= 0) enter('assessment-2026Q1', [settling[settled]!], settled)
    if (!chance(0.1)) now += Math.floor(random() * 2 * stepMs)
    const all = list()
    const open = all.filter((ticket) => ticket.state === 'unhandled' || ticket.state === 'in_progress')
    const done = all.filter((ticket) => ticket.state === 'completed')
    if (open.length > 0 && chance(0.05)) passDue(pick(open))
    const duplicates = all.filter((ticket) => ticket.state === 'duplicate')
    if (duplicates.length > 0 && chance(0.005)) {
      const { ticketNo } = pick(duplicates.slice(-5))
      give(ticketNo, { type: 'UndoDuplicate', text: text(ticketNo) })
    } else if (open.length === 0 || (open.length < mostOpen && chance(0.2))) register()
    else if (done.length > 0 && chance(0.15)) pick(afterwards)(pick(done.slice(-15)))
    else pick(acting)(pick(open.slice(0, 15)))
  }
  return { events, tickets }
}
