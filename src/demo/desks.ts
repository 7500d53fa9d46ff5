/** Brings the quarter of the desks beside complaints into a service whose clock is the demo's. */
import type { ImportResult } from '../../api/commands/imports/run.ts'
import { DAY, dayNumber, dayStart, HOUR, toInstant } from '../../domain/instant.ts'
import { fill } from '../../domain/refusal.ts'
import { careSteps } from './care.ts'
import { admin, type Client, csr, sa, type Who } from './client.ts'
import type { DemoClock } from './clock.ts'
import { type CallStep, type DeskStep, hq, inOrder, type LineStep, type StepId } from './deskSteps.ts'
import type { DemoPeriod } from './handovers.ts'
import { asNdjson, type HistoryLine } from './history.ts'
import { inquirySteps } from './inquiries.ts'
import type { Network } from './network.ts'
import { objectionSteps } from './objections.ts'
import { smsSteps } from './smsContacts.ts'
import { voiceSteps } from './voice.ts'

/** Steps so near to each other are taken together, at the instant of the last one. */
const together = { ms: 2 * HOUR, steps: 16 }

const isLine = (step: DeskStep): step is LineStep => 'line' in step

/** Clocks of tickets and inquiries count minutes, and requests are listed by theirs: none is taken later than told. */
const isExact = (step: DeskStep): boolean =>
  'path' in step && /\{(ticket|inquiry)No\}|\/(inquiries|sms-contacts|complaint)$/.test(step.path)

/** Consecutive steps, no two about the same; an exact one is the last of its group. */
const groupsOf = (steps: readonly DeskStep[]): DeskStep[][] => {
  const groups: DeskStep[][] = []
  for (const step of steps) {
    const group = groups.at(-1)
    const fits =
      group !== undefined &&
      group.length < together.steps &&
      step.at - (group[0] as DeskStep).at < together.ms &&
      group.every((each) => each.about !== step.about && !isExact(each))
    if (fits) group.push(step)
    else groups.push([step])
  }
  return groups
}

/** @throws Error where a line was refused */
const importLines = async (client: Client, lines: readonly HistoryLine[]): Promise<void> => {
  if (lines.length === 0) return
  const body = [...asNdjson(lines)].join('')
  const { rejected } = await client.call<ImportResult>(admin, 'POST', '/v1/imports', body)
  const [first] = rejected
  if (first === undefined) return
  throw new Error(`A line of the care desk was refused with ${first.code}: ${first.detail}`)
}

type Ids = Partial<Record<StepId, string>>
const idsInAnswers: readonly StepId[] = ['ticketNo', 'inquiryNo', 'requestId', 'contactId', 'objectionId']

const idsOf = (answer: Readonly<Record<string, unknown>>): Ids =>
  Object.fromEntries(idsInAnswers.flatMap((id) => (typeof answer[id] === 'string' ? [[id, answer[id]]] : [])))

/** Takes steps in order of time, the clock moved on to each. @throws Error where one is refused */
export const takeSteps = async (
  client: Client,
  clock: Pick<DemoClock, 'goTo'>,
  steps: readonly DeskStep[],
  onProgress: (steps: number) => void,
): Promise<void> => {
  const known = new Map<string, Ids>()
  const learn = (about: string, ids: Ids): void => {
    known.set(about, { ...known.get(about), ...ids })
  }
  const call = async ({ about, who, path, body }: CallStep): Promise<void> => {
    const ids = known.get(about) ?? {}
    if (path.includes('{ticketNo}') && ids.ticketNo === undefined) return
    const sent = JSON.parse(fill(JSON.stringify(body), ids))
    learn(about, idsOf(await client.call<Record<string, unknown>>(who, 'POST', fill(path, ids), sent)))
  }
  /** What an import opens is known by its line's number. */
  const find = async ({ about, line }: LineStep): Promise<void> => {
    if (line.command !== 'register') return
    const path = `/v1/tickets?externalNo=${encodeURIComponent(line.ref)}`
    const { items } = await client.call<{ items: { ticketNo: string }[] }>(csr, 'GET', path)
    learn(about, { ticketNo: (items[0] as { ticketNo: string }).ticketNo })
  }
  let done = 0
  for (const group of groupsOf(steps)) {
    clock.goTo((group.at(-1) as DeskStep).at)
    const lines = group.filter(isLine)
    const calls = group.filter((step): step is CallStep => !isLine(step))
    await Promise.all([
      importLines(
        client,
        lines.map(({ line }) => line),
      ),
      ...calls.map(call),
    ])
    await Promise.all(lines.map(find))
    done += group.length
    onProgress(done)
  }
}

export type DeskOptions = {
  network: Network
  seed: string
  span: DemoPeriod
  lines: readonly HistoryLine[]
  count?: number
}

/** All that happens at these desks in the span, in order of time. */
export const deskSteps = (options: DeskOptions): DeskStep[] =>
  inOrder([
    ...careSteps(options),
    ...voiceSteps(options),
    ...inquirySteps(options),
    ...smsSteps(options),
    ...objectionSteps(options),
  ])

/** The present work of these desks, a sentence a line. */
export const deskSentences = async (client: Client, now: number): Promise<string[]> => {
  const count = async (who: Who, path: string): Promise<string> => {
    const { items, nextCursor } = await client.call<{ items: unknown[]; nextCursor: string | null }>(
      who,
      'GET',
      `${path}${path.includes('?') ? '&' : '?'}limit=200`,
    )
    return `${items.length}${nextCursor === null ? '' : '+'}`
  }
  const [from, to] = [now, dayStart(dayNumber(now)) + DAY].map((at) => encodeURIComponent(toInstant(at)))
  const tasks = '/v1/care/tasks?status='
  const sheets = async (status: string): Promise<string> => count(sa, `/v1/voice/sheets?status=${status}`)
  const inquiries = async (filter: string): Promise<string> => count(csr, `/v1/inquiries?${filter}`)
  return [
    `Care calls: ${await count(csr, `${tasks}open&from=${from}&to=${to}`)} due today, ${await count(csr, `${tasks}overdue`)} overdue; ${await count(csr, '/v1/care/triage')} customers for the call centre to judge, ${await count(csr, '/v1/care/triage?status=registered')} became complaints.`,
    `Customer voice: ${await sheets('sent')} sheets wait for their meeting, ${await sheets('met,sent_back')} for their return, ${await sheets('returned')} for their audit, ${await sheets('running')} are under way, ${await sheets('reported')} wait for judgement, ${await sheets('closed')} are judged; ${await count(sa, '/v1/voice/ledger')} entries in the ledger.`,
    `Inquiries: ${await inquiries('state=open')} are open, ${await inquiries('state=forwarded')} are with the SE, ${await inquiries('state=answered')} answers wait to be passed on, ${await inquiries('overdue=answer,relay')} are overdue. Objections: ${await count(hq, '/v1/objections?status=open')} wait for HQ. SMS contacts: ${await count(csr, '/v1/sms-contact-requests?status=open')} requests wait for the call centre.`,
  ]
}
