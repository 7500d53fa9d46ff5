/** Places in `$all` as positions, and the pauses between tries. */
import type { Position } from '../../../domain/eventStore.ts'
import type { LogPosition } from './wire.ts'

const firstPauseMs = 25
const longestPauseMs = 1_000

/** The pause before the next try, with jitter, so that nodes do not come all at once; milliseconds. */
export const pauseMs = (failures: number): number =>
  Math.min(longestPauseMs, firstPauseMs * 2 ** Math.min(failures, 10)) * (0.5 + Math.random() / 2)

export const textOf = ({ commit, prepare }: LogPosition): Position => `${commit}-${prepare}`

/** Without leading zeros: each place has one text, and texts can be compared as they are. */
const pattern = /^(0|[1-9]\d{0,19})-(0|[1-9]\d{0,19})$/

/** The place a position names; `null` is the start. @throws Error where it is none of this engine. */
export const placeOf = (position: Position | null): LogPosition | null => {
  if (position === null) return null
  const [commit, prepare] = halves(position)
  return { commit: BigInt(commit), prepare: BigInt(prepare) }
}

/** Whether `a` lies after `b` in `$all`. */
export const isAfter = (a: LogPosition, b: LogPosition): boolean =>
  a.commit === b.commit ? a.prepare > b.prepare : a.commit > b.commit

const byNumber = (a: string, b: string): number => a.length - b.length || (a < b ? -1 : a > b ? 1 : 0)

/** As the port's, on the texts themselves, for it is asked of every event. @throws Error where one is no position. */
export const comparePositions = (a: Position, b: Position): number => {
  const [ofA, ofB] = [halves(a), halves(b)]
  return byNumber(ofA[0], ofB[0]) || byNumber(ofA[1], ofB[1])
}

const halves = (position: Position): [string, string] => {
  const at = position.indexOf('-')
  if (!pattern.test(position)) throw new Error(`${position} is no position of this store`)
  return [position.slice(0, at), position.slice(at + 1)]
}
