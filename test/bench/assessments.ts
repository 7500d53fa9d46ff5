/** A quarter's assessment of all dealers, live, as it was known at an instant, and of a frozen revision; and what one dealer's comes from. */
import { newCommandId } from '../../api/commands/commandId.ts'
import { eventId } from '../../domain/eventStore.ts'
import { HOUR, quarterBounds, toEpoch, toInstant } from '../../domain/instant.ts'
import { settlementStream } from '../../domain/settlement.ts'
import type { Dataset } from './dataset/dataset.ts'
import type { Inside } from './insideServer.ts'
import { median } from './load.ts'
import { measured } from './processes.ts'
import { quartersBefore } from './quarterKpi.ts'
import { atMost, type Row, said } from './table.ts'

/** Milliseconds of whole answers, and of one freeze from its append until the views have it. */
type Times = {
  dealers: number
  live: number
  asOf: number
  frozen: number
  explained: number
  freezeMs: number
}
type Assessment = { rbos: { dealers: { dealer: string; total: number }[] }[] }

const timesEach = 12

export const assessmentTimes = async ({ dataset, store, get, time }: Inside): Promise<Times> => {
  const quarters = quartersBefore(dataset.until)
  const rounds = Array.from({ length: timesEach }, (_, round) => round)
  const pathOf = (quarter: string, more = ''): string => `/v1/assessments/${quarter}${more}`
  const every = (more: (quarter: string, round: number) => string): string[] =>
    rounds.flatMap((round) => quarters.map((quarter) => pathOf(quarter, more(quarter, round))))
  const asOf = (quarter: string, round: number): string =>
    `?revision=live&asOf=${toInstant(toEpoch(quarterBounds(quarter).to) + round * HOUR)}`
  const live = every(() => '?revision=live')
  // so that none is measured on code that has hardly run
  await time([...live, ...every(asOf)])
  const { rbos } = await get<Assessment>(live[0] as string)
  const dealers = rbos.flatMap((rbo) => rbo.dealers)
  const busiest = dealers.reduce((most, each) => (each.total > most.total ? each : most)).dealer
  const freezes: number[] = []
  for (const quarter of quarters) {
    const commandId = newCommandId()
    const metadata = {
      commandId,
      actor: { id: 'bench', role: 'hq_sales' },
      correlationId: commandId,
      recordedAt: toInstant(Date.now()),
    }
    const event = { id: eventId(commandId, 0), type: 'QuarterFrozen', data: { policyVersion: 1 }, metadata }
    const stream = settlementStream(quarter)
    const version = (await store.readStream(stream)).length
    const started = performance.now()
    await store.append(stream, version, [event])
    freezes.push(performance.now() - started)
  }
  return {
    dealers: dealers.length,
    live: await time(live),
    asOf: await time(every(asOf)),
    frozen: await time(every(() => '')),
    explained: await time(every(() => `/dealers/${busiest}`)),
    freezeMs: median(freezes),
  }
}

/** Freezes the last quarters of the dataset on the way, which no other group asks about. */
export const assessmentRows = async ({ folder, tickets }: Dataset): Promise<Row[]> => {
  const times = await measured<Times>('./inside.ts', ['assessment', folder])
  const name = `assessment of ${times.dealers} dealers over ${tickets.toLocaleString('en')} tickets`
  return [
    atMost(`${name}, live`, times.live, 50, 'ms'),
    atMost(`${name}, asOf`, times.asOf, 50, 'ms'),
    atMost(`${name}, frozen`, times.frozen, 50, 'ms'),
    said('what the busiest dealer’s comes from', times.explained, 'ms'),
    said('a freeze, from the append until the views have it', times.freezeMs, 'ms'),
  ]
}
