/** A log of many tickets: seeded lives over years up to now, every act judged by the domain, in order of time. */
import { DAY, dayNumber, dayOf, type Instant, toEpoch } from '../../../domain/instant.ts'
import type { Master } from '../../../domain/master.ts'
import type { Sealer } from '../../../domain/sealing.ts'
import type { SubjectId } from '../../../domain/subjectKeys.ts'
import { createHeap } from '../../../src/demo/heap.ts'
import { createRandom } from '../../../src/demo/random.ts'
import { callTimes } from '../../../src/demo/times.ts'
import { firstComplaint } from './lives.ts'
import { goOn } from './pace.ts'
import { type Append, createRecorder } from './recorder.ts'
import type { Life, World } from './world.ts'

export type LogInputs = {
  master: Master
  sealing: Sealer
  createSubject(): SubjectId
  /** Registrations; the last affair may add a few. */
  tickets: number
  /** Of several logs that become one, whose customers are others: the first is 0. */
  share?: { nth: number; of: number }
  /** Complaints come in from `from` on; nothing happens at or after `until`, so that the last tickets are open. */
  from: Instant
  until: Instant
}

/** Makes the log; `append` gets each append when it is its turn. */
export const makeLog = (making: LogInputs, append: (made: Append) => void): void => {
  const { master, sealing, createSubject, tickets, share = { nth: 0, of: 1 } } = making
  const [from, until] = [toEpoch(making.from), toEpoch(making.until)]
  const timeOf = callTimes(dayOf(dayNumber(from)), Math.floor((until - from) / DAY))
  const alive = createHeap<Life>((a, b) => a.at < b.at)
  const world: World = {
    random: createRandom(`bench log ${share.nth}`),
    record: createRecorder(master, append),
    seal: sealing.seal,
    createSubject,
    begin: alive.push,
    registered: 0,
    taken: new Set(),
    share: share.nth,
  }
  const actUntil = (limit: number): void => {
    for (let life = alive.peek(); life !== undefined && life.at < limit; life = alive.peek()) {
      alive.pop()
      life.next(world, life)
      goOn(world, life)
    }
  }
  for (let number = share.nth + 1; world.registered < tickets; number += share.of) {
    const at = timeOf((world.registered + share.nth / share.of) / tickets)
    actUntil(at)
    firstComplaint(world, number, at)
  }
  actUntil(until)
}
