/** The service as a process: its log, its signals, and what it says where it cannot start. */
import { pino } from 'pino'
import { StoreUnavailable } from '../domain/eventStore.ts'
import { isStorageFault } from '../projections/storageFault.ts'
import { type Config, readConfig } from './config.ts'
import type { Options } from './core.ts'
import { openLogOutput } from './logOutput.ts'
import { startService } from './service.ts'
import { shownConfig } from './shownConfig.ts'
import { endOnSignal } from './stopping.ts'
import type { EsdbAddress } from './store/esdb/address.ts'
import { versionOf } from './version.ts'

const noPermission = new Set(['EACCES', 'EPERM', 'EROFS', 'ENOSPC'])

const placesOf = ({ endpoints }: EsdbAddress): string =>
  endpoints.map(({ address, port }) => `${address}:${port}`).join(', ')

/** The variable that set a port. */
const variableOf = (taken: unknown, config: Config | undefined): string => {
  if (config === undefined || config.port === config.metricsPort) return 'PORT, or METRICS_PORT,'
  return taken === config.metricsPort ? 'METRICS_PORT' : 'PORT'
}

/** What a start that failed says: the sentence only, because a stack does not help an operator who set a wrong variable. */
const sentenceOf = (error: unknown, config: Config | undefined): string => {
  if (error instanceof StoreUnavailable && config !== undefined && config.eventStore !== 'sqlite')
    return `EventStoreDB does not answer at ${placesOf(config.eventStore)}: ${sentenceOf(error.cause, undefined)}. See that it runs, that EVENT_STORE names it, and that its user may read $all, then start again.`
  if (error instanceof StoreUnavailable) return sentenceOf(error.cause, config)
  if (!(error instanceof Error)) return String(error)
  const { code, port, syscall } = error as NodeJS.ErrnoException & { port?: unknown }
  if (code === 'EADDRINUSE') return `Port ${port} is taken. Set ${variableOf(port, config)} to another.`
  const isDenied = noPermission.has(String(code)) && syscall !== 'listen'
  if (config !== undefined && (isStorageFault(error) || isDenied))
    return `The data folder ${config.dataDir} cannot be written: ${error.message}. See that its disk has room and that this user may write to it, then start again.`
  // errors of the client may have no words of their own
  return error.message || error.name
}

const run = async (config: Config, options: Omit<Options, 'log'>): Promise<void> => {
  const output = openLogOutput()
  const log = pino({ level: config.logLevel, base: null, timestamp: pino.stdTimeFunctions.isoTime }, output)
  const ending = endOnSignal({ log, output })
  const service = await startService(config, { ...options, log })
  ending.stopWith(service.close)
  // only now, for a start that is refused says one sentence and nothing else
  log.info({ version: versionOf(), node: process.version, config: shownConfig(config) }, 'starting')
  log.info({ url: service.url, dataDir: config.dataDir, development: config.auth === null }, 'listening')
  await service.ready
  log.info('ready')
}

const giveUp =
  (config?: Config) =>
  (error: unknown): never => {
    process.stderr.write(`${sentenceOf(error, config)}\n`)
    process.exit(1)
  }

/** Runs the service as the environment says, with other options than its own where the soak tests it. */
export const runService = (options: Omit<Options, 'log'> = {}): void => {
  try {
    const config = readConfig(process.env)
    run(config, options).catch(giveUp(config))
  } catch (error) {
    giveUp()(error)
  }
}
