/** The log in the pieces it is appended in: events of one stream that follow each other. Values in, values out. */
import type { StoredEvent } from '../../domain/eventStore.ts'

export type Group = { stream: string; expectedVersion: number; events: StoredEvent[]; bytes: number }

/** Events and bytes of an append at most, well within what the server takes. */
const mostEvents = 500
const mostBytes = 500_000

const sizeOf = ({ data, metadata }: StoredEvent): number =>
  JSON.stringify(data).length * 3 + JSON.stringify(metadata).length * 3

/** Events in the order of the log, as groups that may each be one append. */
export const toGroups = (events: readonly StoredEvent[]): Group[] => {
  const groups: Group[] = []
  for (const event of events) {
    const bytes = sizeOf(event)
    const last = groups.at(-1)
    const fits = last !== undefined && last.events.length < mostEvents && last.bytes + bytes < mostBytes
    if (fits && last.stream === event.stream) {
      last.events.push(event)
      last.bytes += bytes
    } else groups.push({ stream: event.stream, expectedVersion: event.version - 1, events: [event], bytes })
  }
  return groups
}
