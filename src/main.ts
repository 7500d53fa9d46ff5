/** Runs the service until it is told to stop. */
import { pino } from 'pino'
import { readConfig } from './config.ts'
import { startService } from './service.ts'

const sentenceOf = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error)
  const { code, port } = error as Error & { code?: unknown; port?: unknown }
  return code === 'EADDRINUSE'
    ? `Port ${port} is taken. Set PORT, or METRICS_PORT, to another.`
    : error.message
}

/** What a start that failed says: the sentence, for a stack would not help whoever set a variable wrong. */
const giveUp = (error: unknown): never => {
  process.stderr.write(`${sentenceOf(error)}\n`)
  process.exit(1)
}

const run = async (): Promise<void> => {
  const config = readConfig(process.env)
  const log = pino({ level: config.logLevel, base: null, timestamp: pino.stdTimeFunctions.isoTime })
  const service = await startService(config, { log })
  log.info({ url: service.url, dataDir: config.dataDir, development: config.auth === null }, 'listening')

  let stopping = false
  const stop = (signal: string): void => {
    if (stopping) return
    stopping = true
    log.info({ signal }, 'draining')
    service.close().then(() => {
      log.info('stopped')
      process.exit(0)
    }, giveUp)
  }
  for (const signal of ['SIGTERM', 'SIGINT']) process.on(signal, () => stop(signal))

  await service.ready
  log.info('ready')
}

run().catch(giveUp)
