/** How far the views have come in the log, alone and together. */
import type { EventStore, Position } from '../domain/eventStore.ts'
import type { Slot } from './slot.ts'
import type { LastEvent } from './viewsFile.ts'

type Parts<Name> = {
  slots: ReadonlyMap<Name, Slot>
  comparePositions: EventStore['comparePositions']
  /** For a connection that only reads: what the file says; `null`: the slots say it. */
  stored: ((name: Name) => Position | null) | null
}

export type ViewPositions<Name> = {
  of(name: Name): Position | null
  /** What all of these have reached. */
  least(names: readonly Name[]): Position | null
  hasReached(position: Position, names: readonly Name[]): boolean
  /** Whether one of them has stopped. */
  hasStopped(names: readonly Name[]): boolean
  /** The greatest one of any working view. */
  lead(): Position | null
  /** The newest event that any working view has folded. */
  newestEvent(): LastEvent | null
  /** See `Views`. */
  sortOut(isEnd: boolean): { lead: Position | null }
  /** See `Views`. */
  behind(): { after: Position | null } | null
}

export const createViewPositions = <Name>({
  slots,
  comparePositions,
  stored,
}: Parts<Name>): ViewPositions<Name> => {
  const all = [...slots.values()]
  const of = (name: Name): Position | null =>
    stored === null ? (slots.get(name)?.folded.position ?? null) : stored(name)
  const leastOf = (positions: readonly (Position | null)[]): Position | null =>
    positions.reduce((a, b) => (a === null || b === null ? null : comparePositions(a, b) <= 0 ? a : b))
  const working = (): Slot[] => all.filter((slot) => slot.state !== 'stopped')
  const lead = (): Position | null =>
    working().reduce<Position | null>(
      (best, { folded: { position } }) =>
        position !== null && (best === null || comparePositions(position, best) > 0) ? position : best,
      null,
    )

  return {
    of,
    least: (names) => leastOf(names.map(of)),
    hasReached: (position, names) =>
      names.every((name) => {
        const at = of(name)
        return at !== null && comparePositions(at, position) >= 0
      }),
    hasStopped: (names) => names.some((name) => slots.get(name)?.state === 'stopped'),
    lead,
    newestEvent: () =>
      working().reduce<LastEvent | null>(
        (newest, { folded: { event } }) =>
          event !== null && (newest === null || comparePositions(event.position, newest.position) > 0)
            ? event
            : newest,
        null,
      ),
    sortOut: (isEnd) => {
      const first = lead()
      const isAhead = ({ folded: { position }, elsewhere }: Slot): boolean =>
        first === null ? isEnd && !elsewhere : position !== null && comparePositions(position, first) >= 0
      for (const slot of working()) slot.state = isAhead(slot) ? 'ready' : 'rebuilding'
      return { lead: first }
    },
    behind: () => {
      const behind = all.filter((slot) => slot.state === 'rebuilding' && !slot.elsewhere)
      return behind.length === 0 ? null : { after: leastOf(behind.map((slot) => slot.folded.position)) }
    },
  }
}
