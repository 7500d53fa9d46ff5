/** `npm run demo [-- --exit] [-- --quiet] [-- --port N]`: the service with three months of complaints in it. */
import '../umask.ts'
import { existsSync, rmSync } from 'node:fs'
import { pino } from 'pino'
import { type Role, roles } from '../../domain/authority.ts'
import { readConfig } from '../config.ts'
import { type Client, createClient, dealerPeople, demoDealer, rboPeople, type Who } from '../demo/client.ts'
import { createDemoClock, type DemoClock } from '../demo/clock.ts'
import { deskSentences, deskSteps, takeSteps } from '../demo/desks.ts'
import { demoFolder } from '../demo/folder.ts'
import { demoSeed } from '../demo/history.ts'
import { takeComplaints } from '../demo/live.ts'
import { createNetwork, type Network } from '../demo/network.ts'
import { presentHistory, presentQuarters, presentSpan } from '../demo/present.ts'
import { enterNetwork, replay } from '../demo/replay.ts'
import { ratesByRbo, worstDealers } from '../demo/results.ts'
import { trickle } from '../demo/trickle.ts'
import { loadDevelopmentKey } from '../devKey.ts'
import { type Service, startService } from '../service.ts'
import { lockDataFolder } from '../store/dataFolderLock.ts'
import { readCommandLine, sentenceOf } from './command.ts'
import { grouped, startProgress } from './progress.ts'

const folder = demoFolder

const usage = `Usage: npm run demo [-- --exit] [-- --quiet] [-- --port N]
Starts the service with the complaints, care calls, customer voice and inquiries of the last three months in ${folder},
which is made again each time.
--exit ends it once it is filled. Without --quiet a call or an act comes in every few seconds.`
const options = {
  exit: { type: 'boolean', default: false },
  quiet: { type: 'boolean', default: false },
  port: { type: 'string' },
} as const

type DemoOptions = { exit: boolean; quiet: boolean; port: string | undefined }

const heading = (title: string): void => console.log(`\n${title}\n`)

/** Removes what the last demo left, unless it still runs. */
const clearFolder = (): void => {
  if (!existsSync(folder)) return
  let unlock: () => void
  try {
    unlock = lockDataFolder(folder)
  } catch {
    throw new Error(`Another demo is running on ${folder}. Stop it first.`)
  }
  unlock()
  rmSync(folder, { recursive: true })
}

/** On the port asked for, or where that is taken, on a free one. Nothing else of the environment counts. */
const start = async (port: string | undefined, { now, monotonic }: DemoClock): Promise<Service> => {
  const config = readConfig({
    PORT: port,
    HOST: '127.0.0.1',
    DATA_DIR: folder,
    METRICS_PORT: '0',
    RATE_LIMIT_PER_MINUTE: '0',
  })
  const log = pino({ level: 'error', base: null }, pino.destination(2))
  try {
    return await startService(config, { log, now, monotonic })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error
    console.log(`Port ${config.port} is taken, so a free one is used.`)
    return startService({ ...config, port: 0 }, { log, now, monotonic })
  }
}

const bar = (label: string, unit: string, total: number) =>
  startProgress({ label, unit, total, out: process.stdout })

/** The other desks first, while the clock goes through the three months; then the complaints, which bear their own instants. */
const fill = async (client: Client, network: Network, clock: DemoClock): Promise<void> => {
  const now = Date.now()
  await enterNetwork(client, network, [...new Set(presentQuarters(now))])
  const lines = presentHistory(now)
  const complaints = lines.filter(({ command }) => command === 'register').length
  console.log(
    `${network.rbos.length} regions, ${network.dealers.length} dealers, ${grouped(complaints)} complaints of the last three months through POST /v1/imports`,
  )
  const steps = deskSteps({ network, seed: demoSeed, span: presentSpan(now), lines })
  const living = bar('Other desks', 'steps', steps.length)
  await takeSteps(client, clock, steps, (done) => living.update(done))
  living.end(steps.length)
  clock.goToPresent()
  const importing = bar('Importing', 'lines', lines.length)
  await replay(client, lines, (done) => importing.update(done))
  importing.end(lines.length)
}

const show = async (client: Client, network: Network): Promise<void> => {
  heading('The desks beside complaints')
  for (const sentence of await deskSentences(client, Date.now())) console.log(sentence)
  heading('Complaints taken in now')
  for (const { title, sentences } of await takeComplaints(client, network)) {
    console.log(`• ${title}\n${sentences.map((sentence) => `  ${sentence}`).join('\n')}`)
  }
  const [quarter] = presentQuarters(Date.now())
  heading(`Rates of ${quarter} by region, percent`)
  console.log(await ratesByRbo(client, quarter))
  heading(`The ten weakest dealers of ${quarter}`)
  console.log(await worstDealers(client, quarter, 10))
}

const personOf = (role: Role): Who => {
  if (role === 'rbo') return rboPeople('EAST')
  return role === 'dealer' ? dealerPeople(demoDealer) : { sub: `demo-${role}`, roles: [role] }
}

const sayWhereToLook = async (client: Client): Promise<void> => {
  const { url } = client
  heading(`Serving on ${url}, API reference at ${url}/docs. Ctrl+C ends it.`)
  console.log('The console, signed in, one link per role:\n')
  for (const role of Object.keys(roles) as Role[])
    console.log(`${role} (${roles[role].en})\n${url}/console#token=${await client.tokenOf(personOf(role))}`)
  console.log('\nThe API, from another shell; --dealer takes any dealer:\n')
  console.log(`TOKEN=$(DATA_DIR=${folder} npm run --silent token -- --role dealer --dealer ${demoDealer})`)
  console.log(`curl -s -H "Authorization: Bearer $TOKEN" '${url}/v1/tickets?state=open&limit=5'`)
}

let service: Service | undefined
let ending = false
const stopping = new AbortController()

/** Ends the process, the service closed first; what fails because of that is not heard any more. */
const end = async (code: number, sentence?: string): Promise<void> => {
  if (ending) return
  ending = true
  stopping.abort()
  if (sentence !== undefined) console.error(sentence)
  await service?.close()
  process.exit(code)
}

const run = async ({ exit, quiet, port }: DemoOptions): Promise<void> => {
  clearFolder()
  const clock = createDemoClock(presentSpan(Date.now()).from)
  service = await start(port, clock)
  await service.ready
  const network = createNetwork(demoSeed)
  const client = createClient(service.url, loadDevelopmentKey(folder))
  await fill(client, network, clock)
  await show(client, network)
  if (exit) return end(0)
  await sayWhereToLook(client)
  if (!quiet) await trickle(client, network, stopping.signal)
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => end(0))

const { values } = readCommandLine({ usage, options })
try {
  await run({ exit: values.exit, quiet: values.quiet, port: values.port ?? process.env.PORT })
} catch (error) {
  await end(2, sentenceOf(error))
}
