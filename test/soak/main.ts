/**
 * `npm run soak [-- --seconds N] [-- --seed N] [-- --kills N]`: the real process under load, and a hand that does to it what
 * happens to services. Every kind of fault comes once, as far as the time goes, and then whichever chance picks.
 * With `--kills N` it is killed N times and nothing else happens, while more readers follow the stream.
 * Without a seed each run has its own, which it names. Exit code 1: what was wrong, and the folder is kept.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { readCommandLine } from '../../src/cli/command.ts'
import { table } from '../../src/cli/table.ts'
import { createRandom } from '../../src/demo/random.ts'
import { digestOfViews } from '../endToEnd/facts.ts'
import { enterMasterData } from '../endToEnd/writers.ts'
import { compare } from './compare.ts'
import { createControl } from './control.ts'
import { openDisk } from './disk.ts'
import { faults, type Hand } from './faults.ts'
import { createLoad } from './load.ts'
import { createSeat } from './seat.ts'
import { type StreamReaders, startStreamReaders } from './streamReaders.ts'
import { startWebhookReceivers, type WebhookReceivers } from './webhookReceivers.ts'

const usage = `Usage: npm run soak [-- --seconds N] [-- --seed N] [-- --kills N]`
const { values } = readCommandLine({
  usage,
  options: {
    seconds: { type: 'string', default: '180' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    kills: { type: 'string' },
  },
})
const seconds = Number(values.seconds)
if (!(seconds > 0)) throw new Error('--seconds takes a number of seconds.')
const kills = values.kills === undefined ? null : Number(values.kills)
if (kills !== null && !(kills > 0)) throw new Error('--kills takes a number of kills.')
/** Readers of the stream; all others come with each fault. */
const streamReaders = kills === null ? 4 : 15
/** Of so many kills, one is followed by a look at everything; after the others the readers are compared with the log. */
const wholeEvery = 10

const started = performance.now()
const elapsed = (): number => (performance.now() - started) / 1_000
const say = (line: string): void => console.log(`${elapsed().toFixed(1).padStart(6)} s  ${line}`)

const wrongs: string[] = []
const wrong = (sentence: string): void => {
  wrongs.push(sentence)
  say(`WRONG: ${sentence}`)
}

const random = createRandom(values.seed)
const disk = openDisk()
const controls = mkdtempSync(join(tmpdir(), 'soak-control-'))
const control = createControl(join(controls, 'control.json'))
const seat = createSeat(disk.dir, control.file, wrong)
const load = createLoad(seat, createRandom(`${values.seed} load`), wrong)
let readers: StreamReaders | undefined
let receivers: WebhookReceivers | undefined
let logged = 0
const hand: Hand = { seat, load, disk, control, random, wrong }

/** Every kind once, in an order of its own, and then whatever comes. */
const shuffled = Object.keys(faults)
  .map((name) => ({ name, at: random.next() }))
  .sort((a, b) => a.at - b.at)
  .map(({ name }) => name)
const order = kills === null ? shuffled : ['killed']
const isOver = (count: number): boolean =>
  kills === null ? count > 0 && elapsed() >= seconds : count >= kills
const survived = new Map(order.map((name) => [name, 0]))

const round = async (name: string, count: number): Promise<void> => {
  const before = load.counts.answered
  load.go()
  await sleep(random.int(200, 900))
  await faults[name]!(hand)
  await load.settle()
  if (wrongs.length > 0) return
  if (kills === null || count % wholeEvery === 0) await compare(seat, load, { random, wrong })
  await readers?.compare()
  if (wrongs.length > 0) return
  survived.set(name, survived.get(name)! + 1)
  say(`${name}: ${load.counts.answered - before} writes answered, all there`)
}

/** The views of the end are those of a rebuild, by a digest that is not the product's own. */
const compareWithRebuild = async (): Promise<void> => {
  await seat.end('SIGTERM')
  const live = digestOfViews(disk.dir)
  const { code, output } = await seat.run('src/cli/rebuild.ts')
  if (code !== 0) wrong(`rebuild ended with ${code}: ${output}`)
  if (JSON.stringify(digestOfViews(disk.dir)) !== JSON.stringify(live))
    wrong('the views are not their rebuild')
}

const soak = async (): Promise<void> => {
  say(
    `seed ${values.seed}, ${disk.room === null ? 'a full disk is injected' : 'on a file system of its own'}`,
  )
  await enterMasterData(await seat.start())
  readers = startStreamReaders(seat, streamReaders, wrong)
  receivers = await startWebhookReceivers(seat, createRandom(`${values.seed} receivers`), wrong)
  for (let count = 0; wrongs.length === 0 && !isOver(count); count++)
    await round(order[count] ?? random.pick(order), count)
  if (wrongs.length === 0) logged = await load.access.compare(seat, wrong)
  if (wrongs.length === 0) await receivers.compare()
  if (wrongs.length === 0) await compareWithRebuild()
}

for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => wrong(`the soak was told to stop: ${signal}`))

try {
  await soak()
} catch (error) {
  wrong(String((error as Error).stack))
} finally {
  await load.end()
  await readers?.end()
  await seat.end('SIGKILL')
  await receivers?.end()
  rmSync(controls, { recursive: true, force: true })
}

const { answered, sentAgain, repeated, reads, unavailable } = load.counts
const rows = [...survived].map(([name, count]) => [name, String(count)])
console.log(`\n${table([{ title: 'fault' }, { title: 'survived', right: true }], rows)}\n`)
console.log(
  `${answered} writes answered, ${sentAgain} times sent again for want of an answer (${unavailable} of them 503 store_unavailable), ${repeated} repeated after it, ${reads} reads; ${logged} answers showed a customer, each with its line in the access log.`,
)
const told = readers?.counts()
if (told !== undefined)
  console.log(
    `${told.events} events read from streams over ${told.connections} connections, ${receivers?.counts().deliveries ?? 0} webhooks delivered.`,
  )
const { seconds: startSeconds, cpuSeconds } = seat.longestStart()
console.log(
  `The longest start took ${startSeconds.toFixed(1)} s until it was ready, ${cpuSeconds.toFixed(1)} s of the processor.`,
)
if (wrongs.length === 0) {
  console.log(`Nothing lost, nothing doubled, nobody named in ${seat.logBytes()} characters of log.`)
  disk.remove()
} else {
  console.log(`${wrongs.length} wrong; the data folder is kept: ${disk.dir}`)
  process.exitCode = 1
}
