/** One ticket with its timeline and clocks, read again whenever something happens to it. */
import { signal } from '@preact/signals'
import { useEffect, useMemo } from 'preact/hooks'
import type { TicketAnswer, TimelineAnswer } from '../../../tickets/responseSchemas.ts'
import type { SlaAnswer } from '../../../tickets/slaAnswer.ts'
import { ApiProblem, get } from '../core/api.ts'
import { language } from '../core/words.ts'
import { onNews, position } from '../live/live.ts'

export type TimelineItem = TimelineAnswer['items'][number]
type Clocks = SlaAnswer['clocks']

export type Whole = { ticket: TicketAnswer; items: readonly TimelineItem[]; clocks: Clocks }

const pathOf = (ticketNo: string): string => `/v1/tickets/${encodeURIComponent(ticketNo)}`

/** Of a ticket or a sheet, in the order of the log. @throws ApiProblem */
export const readTimeline = async (path: string): Promise<readonly TimelineItem[]> =>
  (
    await get<TimelineAnswer>(`${path}/timeline`, {
      minPosition: position.peek(),
    })
  ).data.items

const readWhole = async (ticketNo: string): Promise<Whole> => {
  const options = { minPosition: position.peek() }
  const [ticket, items, sla] = await Promise.all([
    get<TicketAnswer>(pathOf(ticketNo), options),
    readTimeline(pathOf(ticketNo)),
    get<{ clocks: Clocks }>(`${pathOf(ticketNo)}/sla`, options),
  ])
  return { ticket: ticket.data, items, clocks: sla.data.clocks }
}

const gatherMs = 250

const createReading = (ticketNo: string) => {
  const whole = signal<Whole | null>(null)
  const problem = signal<ApiProblem | null>(null)
  let timer: ReturnType<typeof setTimeout> | undefined
  let started = 0
  const read = async (): Promise<void> => {
    timer = undefined
    const mine = ++started
    try {
      const found = await readWhole(ticketNo)
      // of two readings the one that began last counts
      if (mine !== started) return
      whole.value = found
      problem.value = null
    } catch (error) {
      if (!(error instanceof ApiProblem)) throw error
      if (mine !== started) return
      problem.value = error
      // it left the scope: nothing of it stays on the page
      if (error.status === 404) whole.value = null
    }
  }
  const readSoon = (ms: number = gatherMs): void => {
    timer ??= setTimeout(() => void read(), ms)
  }
  const end = onNews((item) => {
    if (item === null || item.ticketNo === ticketNo) readSoon()
  })
  const endLanguage = language.subscribe(() => readSoon(0))
  return {
    whole,
    problem,
    readAgain: () => readSoon(0),
    end: (): void => {
      started++
      clearTimeout(timer)
      end()
      endLanguage()
    },
  }
}

/** The ticket of a number as long as a component is there. */
export const useTicket = (ticketNo: string) => {
  const reading = useMemo(() => createReading(ticketNo), [ticketNo])
  useEffect(() => reading.end, [reading])
  return reading
}
