/** What the hand does to the service. Each ends with a service that runs and is ready. */
import { rmSync, statSync, truncateSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import Database from 'better-sqlite3'
import type { Random } from '../../src/demo/random.ts'
import { eventually } from '../endToEnd/serviceProcess.ts'
import type { ControlFile } from './control.ts'
import type { Disk } from './disk.ts'
import type { Load } from './load.ts'
import type { Seat, Wrong } from './seat.ts'

export type Hand = {
  seat: Seat
  load: Load
  disk: Disk
  control: ControlFile
  random: Random
  wrong: Wrong
}

const minute = 60_000
/** The clock stays this near to the right one, so that a call after closing is always a repeat (rulebook §6). */
const furthestMs = 12 * 60 * minute

const killed = async ({ seat }: Hand): Promise<void> => {
  await seat.end('SIGKILL')
  await seat.start()
}

const restarted = async ({ seat }: Hand): Promise<void> => {
  await seat.end('SIGTERM')
  await seat.start()
}

const stoppedForSeconds = async (hand: Hand): Promise<void> => {
  const { seat, random } = hand
  void seat.now()!.kill('SIGSTOP')
  await sleep(random.int(1_000, 2_000))
  void seat.now()!.kill('SIGCONT')
  await restarted(hand)
}

const readiness = async ({ seat }: Hand) => (await seat.now()!.call(null, 'GET', '/readyz')).body

/** While no commit succeeds: callers hear of it, the service says so and lives, and then goes on by itself. */
const withoutWrites = async (hand: Hand, refuse: () => void, allow: () => void): Promise<void> => {
  const { seat, load, wrong, random } = hand
  const before = load.counts.unavailable
  refuse()
  try {
    await eventually('a write is refused', () => load.counts.unavailable > before || undefined)
    await eventually('it says it is not ready', async () =>
      (await readiness(hand)).store === 'unavailable' ? true : undefined,
    )
    if ((await seat.now()!.call(null, 'GET', '/livez')).status !== 200)
      wrong('without writes /livez is not 200')
    await sleep(random.int(200, 800))
  } finally {
    allow()
  }
  await eventually('it is ready again', async () => (await readiness(hand)).status === 'ready' || undefined)
}

/** Gives back what the write-ahead log has room for, which would be written over for a while before more is asked. */
const emptyWriteAheadLog = (dataDir: string): void => {
  const db = new Database(join(dataDir, 'events.db'))
  db.pragma('wal_checkpoint(TRUNCATE)')
  db.close()
}

const diskFull = async (hand: Hand): Promise<void> => {
  const { seat, disk, control, random } = hand
  emptyWriteAheadLog(seat.dataDir)
  const injected = {
    take: () => control.set({ commitsFail: 'SQLITE_FULL' }),
    give: () => control.set({ commitsFail: null }),
  }
  const { take, give } = disk.room ?? injected
  await withoutWrites(hand, take, give)
  await (random.chance(0.5) ? killed(hand) : restarted(hand))
}

const readOnly = async (hand: Hand): Promise<void> => {
  const { seat, disk, control, wrong } = hand
  await withoutWrites(
    hand,
    () => control.set({ commitsFail: 'SQLITE_READONLY' }),
    () => control.set({ commitsFail: null }),
  )
  await seat.end('SIGKILL')
  if (disk.writing !== null) {
    disk.writing.forbid()
    const { code, output } = await seat.run('src/main.ts')
    disk.writing.allow()
    if (code !== 1 || !/^The data folder .* cannot be written: .*\n$/.test(output))
      wrong(`on a read-only folder the start ended with ${code}: ${output}`)
  }
  await seat.start()
}

const moveClock =
  (direction: 1 | -1) =>
  async (hand: Hand): Promise<void> => {
    const { control, random } = hand
    const moved = control.clockMs() + direction * random.int(5, 240) * minute
    control.set({ clockMs: Math.min(furthestMs, Math.max(-furthestMs, moved)) })
    await sleep(random.int(300, 800))
    await restarted(hand)
  }

const viewsHarmed =
  (harm: (file: string, random: Random) => void) =>
  async ({ seat, random }: Hand): Promise<void> => {
    await seat.end(random.chance(0.5) ? 'SIGKILL' : 'SIGTERM')
    harm(join(seat.dataDir, 'views.db'), random)
    await seat.start()
  }

const secondProcess = async (hand: Hand): Promise<void> => {
  const { seat, wrong } = hand
  const { code, output } = await seat.run('src/main.ts')
  if (code !== 1 || !/^Another process is using the data folder .*\n$/.test(output))
    wrong(`a second process ended with ${code}: ${output}`)
  if ((await readiness(hand)).status !== 'ready') wrong('beside a second process the service is not ready')
  await restarted(hand)
}

/** Every kind of fault, by its name in the table. */
export const faults: Readonly<Record<string, (hand: Hand) => Promise<void>>> = {
  killed,
  'stopped for seconds': stoppedForSeconds,
  'disk full': diskFull,
  'folder read-only': readOnly,
  'clock set back': moveClock(-1),
  'clock set forward': moveClock(1),
  'views deleted': viewsHarmed((file) => rmSync(file)),
  'views cut short': viewsHarmed((file, random) =>
    truncateSync(file, Math.floor(statSync(file).size * random.next())),
  ),
  'second process': secondProcess,
}
