/** Compares what the service has with the independent account of what it answered. */
import { isDeepStrictEqual } from 'node:util'
import type { Random } from '../../src/demo/random.ts'
import { allTickets, byTicket, eventsInLog, statesOf } from '../endToEnd/facts.ts'
import { expectedEvents } from '../endToEnd/writers.ts'
import type { Json } from '../support/service.ts'
import type { Load } from './load.ts'
import type { Seat, Wrong } from './seat.ts'

/** Earlier writes repeated each time. */
const repeated = 20
/** Differences that are named; they mostly have one cause. */
const mostNamed = 3

type NamedValue = [ticketNo: string, what: unknown]

const differ = (where: string, [found, expected]: [NamedValue[], NamedValue[]], wrong: Wrong): void => {
  const there = new Map(found)
  const wanted = new Map(expected)
  const different = [...new Set([...there.keys(), ...wanted.keys()])].filter(
    (ticketNo) => !isDeepStrictEqual(there.get(ticketNo), wanted.get(ticketNo)),
  )
  for (const ticketNo of different.slice(0, mostNamed))
    wrong(
      `${where} has ${ticketNo} as ${JSON.stringify(there.get(ticketNo))}, not ${JSON.stringify(wanted.get(ticketNo))}`,
    )
  if (different.length > mostNamed)
    wrong(`${where} has ${different.length} tickets otherwise than the account`)
}

const inList = ({ ticketNo, state, version, escalatedTo, ordinal }: Json): NamedValue => [
  ticketNo,
  { state, version, escalatedTo, isRepeat: ordinal === 2 },
]

/** While nothing is in flight: log and lists have exactly what was answered, repeats change nothing, `verify` is clean. */
export const compare = async (
  seat: Seat,
  load: Load,
  { random, wrong }: { random: Random; wrong: Wrong },
) => {
  const { account } = load
  for (let count = 0; count < repeated && account.length > 0; count++) await load.repeat(random.pick(account))
  const verifying = seat.run('src/cli/verify.ts')
  const log = byTicket(await eventsInLog(seat.dataDir))
  differ('the log', [log, byTicket(expectedEvents(account))], wrong)
  const listed = (await allTickets(seat.now()!)).map(inList)
  const expected = statesOf(account).map(({ ticketNo, ...state }): NamedValue => [ticketNo, state])
  differ('the list', [listed, expected], wrong)
  const { code, output } = await verifying
  if (code !== 0) wrong(`verify ended with ${code}: ${output}`)
}
