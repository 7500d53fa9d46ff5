/** Care calls on many handovers: what a dealer has to do today, and the night in which a day's tasks fall due. */
import type { Size } from './live/parties.ts'
import { measured } from './processes.ts'
import { atLeast, atMost, type Row, said } from './table.ts'

export type CareFigures = {
  handoversPerSecond: number
  /** Milliseconds of the view for the tasks of one dealer that are due today, of everybody's, and of those overdue. */
  ofDealerMs: number
  ofAllMs: number
  overdueMs: number
  facts: number
  nightSeconds: number
  /** Milliseconds of a command meanwhile. */
  medianMs: number
  slowestMs: number
  /** Of the first handover of the new day, whose event makes yearly tasks of other vehicles. */
  nextHandoverMs: number
}

const counts: Record<Size, number> = { small: 5_000, full: 1_000_000 }
/** So a year of 300,000 takes five minutes. */
const leastPerSecond = 1_000

export const careRows = async (size: Size): Promise<Row[]> => {
  const handovers = counts[size]
  const found = await measured<CareFigures>('./careInside.ts', [String(handovers)])
  const of = `care: ${handovers.toLocaleString('en')} handovers`
  return [
    atLeast(`${of}, all views built`, found.handoversPerSecond, leastPerSecond, '/s'),
    atMost('care: tasks of a dealer due today', found.ofDealerMs, 5, 'ms'),
    atMost('care: tasks of all dealers due today', found.ofAllMs, 5, 'ms'),
    atMost('care: overdue tasks of all dealers', found.overdueMs, 5, 'ms'),
    said('care: tasks that fall due in a night', found.facts, ''),
    said('care: recorded in', found.nightSeconds, 's'),
    said('care: a complaint registered meanwhile', found.medianMs, 'ms'),
    atMost('care: the slowest of them', found.slowestMs, 100, 'ms'),
    atMost('care: the first handover of the new day', found.nextHandoverMs, 100, 'ms'),
  ]
}
