/** Who was shown a customer, by the answers themselves, and whether the access log says the same (rulebook §17). */
import { randomUUID } from 'node:crypto'
import type { Answer } from '../endToEnd/serviceProcess.ts'
import { namePrefix, phonePrefix } from '../endToEnd/writers.ts'
import type { Json, Who } from '../support/service.ts'
import type { Seat, Wrong } from './seat.ts'

const auditor: Who = { roles: ['auditor'], sub: 'auditor of the soak' }
/** Numbers that a line names. */
const mostNamed = 20
/** Differences that are named; they mostly have one cause. */
const mostTold = 3

const isPersonal = (value: unknown): boolean => {
  const text = JSON.stringify(value)
  return text.includes(namePrefix) || text.includes(phonePrefix)
}

/** `tickets`: those whose customer it showed; `null`: it showed none. */
type ShownTickets = { path: string; tickets: string[] | null }

const shownBy = (path: string, { status, body }: Answer): ShownTickets => {
  if (status >= 400 || !isPersonal(body)) return { path, tickets: null }
  const items: Json[] = Array.isArray(body.items) ? body.items : [body]
  return { path, tickets: items.filter(isPersonal).map(({ ticketNo }) => ticketNo) }
}

/** Lines of the access log by the ids of their requests, in all pages. */
const linesIn = async (seat: Seat): Promise<Map<string, Json[]>> => {
  const lines = new Map<string, Json[]>()
  for (let cursor: string | null = ''; cursor !== null; ) {
    const path = `/v1/privacy/access-log?limit=200${cursor && `&cursor=${encodeURIComponent(cursor)}`}`
    const { status, body } = await seat.now()!.call(auditor, 'GET', path)
    if (status !== 200) throw new Error(`the access log was answered ${status}`)
    for (const line of body.items) lines.set(line.requestId, [...(lines.get(line.requestId) ?? []), line])
    cursor = body.nextCursor
  }
  return lines
}

export const createAccessAccount = () => {
  /** By the id of the request; `null`: nobody saw its answer. */
  const sent = new Map<string, ShownTickets | null>()

  const judge = (shown: ShownTickets | null, lines: readonly Json[]): string | null => {
    if (lines.length > 1) return `has ${lines.length} lines of one request`
    if (shown === null) return null
    const { path, tickets } = shown
    const [line] = lines
    if (tickets === null) return line === undefined ? null : `has a line of ${path}, which showed nobody`
    if (line === undefined) return `has no line of ${path}`
    const named = tickets.slice(0, mostNamed).toSorted().join()
    if (line.count !== tickets.length || line.ticketNos.toSorted().join() !== named)
      return `has ${line.count} tickets of ${path}, which showed ${tickets.length}`
    return null
  }

  return {
    /** The id of a request that is sent next. */
    newId: (): string => {
      const id = randomUUID()
      sent.set(id, null)
      return id
    },
    answered: (id: string, path: string, answer: Answer): void => void sent.set(id, shownBy(path, answer)),
    /** Every answer that showed a customer has one line, and no other has one. @returns how many showed one. */
    compare: async (seat: Seat, wrong: Wrong): Promise<number> => {
      const known = [...sent]
      const lines = await linesIn(seat)
      const faults = known.flatMap(([id, shown]) => judge(shown, lines.get(id) ?? []) ?? [])
      for (const fault of faults.slice(0, mostTold)) wrong(`the access log ${fault}`)
      if (faults.length > mostTold)
        wrong(`the access log differs from the answers in ${faults.length} requests`)
      return known.filter(([, shown]) => shown?.tickets != null).length
    },
  }
}
