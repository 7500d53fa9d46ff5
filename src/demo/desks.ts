/** Brings the quarter of the care desk and the customer-voice desk into a service whose clock is the demo's. */
import type { ImportResult } from '../../api/commands/imports/run.ts'
import { DAY, dayNumber, dayStart, HOUR, toInstant } from '../../domain/instant.ts'
import { careSteps } from './care.ts'
import { admin, type Client, csr, sa, type Who } from './client.ts'
import type { DemoClock } from './clock.ts'
import { type CallStep, type DeskStep, inOrder, type LineStep } from './deskSteps.ts'
import type { DemoPeriod } from './handovers.ts'
import { asNdjson, type HistoryLine } from './history.ts'
import type { Network } from './network.ts'
import { voiceSteps } from './voice.ts'

/** Steps so near to each other are taken together, at the instant of the last one. */
const together = { ms: 2 * HOUR, steps: 16 }

const isLine = (step: DeskStep): step is LineStep => 'line' in step

/** Minutes of a ticket's clocks count: it is neither registered nor answered later than told. */
const isExact = (step: DeskStep): boolean =>
  'path' in step && (step.path.includes('{ticketNo}') || step.path.endsWith('/complaint'))

/** Consecutive steps, no two about the same car or dealer; an exact one is the last of its group. */
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

type Answer = { ticketNo?: string }

/** Takes steps in order of time, the clock moved on to each. @throws Error where one is refused */
export const takeSteps = async (
  client: Client,
  clock: Pick<DemoClock, 'goTo'>,
  steps: readonly DeskStep[],
  onProgress: (steps: number) => void,
): Promise<void> => {
  const tickets = new Map<string, string>()
  const call = async ({ about, who, path, body }: CallStep): Promise<void> => {
    const ticketNo = tickets.get(about)
    const isOfTicket = path.includes('{ticketNo}')
    if (isOfTicket && ticketNo === undefined) return
    const answer = await client.call<Answer>(who, 'POST', path.replace('{ticketNo}', ticketNo ?? ''), body)
    if (path.endsWith('/complaint') && answer.ticketNo !== undefined) tickets.set(about, answer.ticketNo)
  }
  let done = 0
  for (const group of groupsOf(steps)) {
    clock.goTo((group.at(-1) as DeskStep).at)
    const lines = group.filter(isLine).map(({ line }) => line)
    const calls = group.filter((step): step is CallStep => !isLine(step))
    await Promise.all([importLines(client, lines), ...calls.map(call)])
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

/** All that happens at both desks in the span, in order of time. */
export const deskSteps = (options: DeskOptions): DeskStep[] =>
  inOrder([...careSteps(options), ...voiceSteps(options)])

/** The present work of both desks, a sentence a line. */
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
  return [
    `Care calls: ${await count(csr, `${tasks}open&from=${from}&to=${to}`)} due today, ${await count(csr, `${tasks}overdue`)} overdue; ${await count(csr, '/v1/care/triage')} customers for the call centre to judge, ${await count(csr, '/v1/care/triage?status=registered')} became complaints.`,
    `Customer voice: ${await sheets('sent')} sheets wait for their meeting, ${await sheets('met,sent_back')} for their return, ${await sheets('returned')} for their audit, ${await sheets('running')} are under way, ${await sheets('reported')} wait for judgement, ${await sheets('closed')} are judged; ${await count(sa, '/v1/voice/ledger')} entries in the ledger.`,
  ]
}
