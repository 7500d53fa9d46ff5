/** Times inside the server: the whole app in this process, without a network. Run as `inside.ts WHAT FOLDER`. */
import { setImmediate as yieldToEventLoop } from 'node:timers/promises'
import { pino } from 'pino'
import { buildApp } from '../../api/http/app.ts'
import { readConfig } from '../../src/config.ts'
import { openCore } from '../../src/core.ts'
import { assessmentTimes } from './assessments.ts'
import { type Dataset, datasetIn } from './dataset/dataset.ts'
import type { Cost, Inside } from './insideServer.ts'
import { median } from './load.ts'
import { quarterTimes } from './quarterKpi.ts'
import { pageTimes } from './queuePages.ts'
import { reportTimes } from './reports.ts'
import { ticketTimes } from './ticketReads.ts'
import { tokenFor } from './tokens.ts'

const warmUps = 2

const measurements: Record<string, (inside: Inside) => Promise<unknown>> = {
  kpi: quarterTimes,
  assessment: assessmentTimes,
  queues: pageTimes,
  reports: reportTimes,
  tickets: ticketTimes,
}

const [what = '', folder = ''] = process.argv.slice(2)
const config = readConfig({ DATA_DIR: folder, METRICS_PORT: '0', RATE_LIMIT_PER_MINUTE: '0' })
const core = await openCore(config, { log: pino({ level: 'warn' }) })
await core.ready
/** Milliseconds the view took for the last page. */
let queryMs = 0
const { views } = core.deps
const page: typeof views.tickets.page = (query) => {
  const started = performance.now()
  const found = views.tickets.page(query)
  queryMs = performance.now() - started
  return found
}
const app = buildApp({ ...core.deps, views: { ...views, tickets: { ...views.tickets, page } } })
await app.ready()
const head = await tokenFor(folder, 'sa')

const ask = async (path: string, token: string, body?: object) => {
  // a server turns between two requests, and lets go of what the one before held
  await yieldToEventLoop()
  const started = performance.now()
  const post = body === undefined ? {} : { method: 'POST' as const, payload: body }
  const answer = await app.inject({ url: path, headers: { authorization: `Bearer ${token}` }, ...post })
  const ms = performance.now() - started
  if (answer.statusCode !== 200) throw new Error(`${path}: ${answer.statusCode} ${answer.body}`)
  return { ms, answer }
}

const cpuMs = (): number => {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}

/** Takes turns with a request until it is answered, as any other caller would. */
const cost = async (path: string, body?: object): Promise<Cost> => {
  let [isDone, longestMs] = [false, 0]
  const before = cpuMs()
  const answered = ask(path, head, body).finally(() => {
    isDone = true
  })
  for (let last = before; !isDone; ) {
    await yieldToEventLoop()
    const now = cpuMs()
    longestMs = Math.max(longestMs, now - last)
    last = now
  }
  await answered
  return { cpuMs: cpuMs() - before, longestMs }
}

const found = await measurements[what]?.({
  dataset: datasetIn(folder) as Dataset,
  kpi: core.deps.views.kpi,
  store: core.deps.store,
  get: async <T>(path: string, token = head) => (await ask(path, token)).answer.json() as T,
  time: async (paths, token = head) => {
    const times: number[] = []
    for (const path of paths) times.push((await ask(path, token)).ms)
    return median(times.slice(warmUps))
  },
  cost,
  timePage: async (paths, token = head) => {
    const [whole, queries]: [number[], number[]] = [[], []]
    for (const path of paths) {
      whole.push((await ask(path, token)).ms)
      queries.push(queryMs)
    }
    return { wholeMs: median(whole.slice(warmUps)), queryMs: median(queries.slice(warmUps)) }
  },
})
await app.close()
await core.close()
process.send?.(found)
