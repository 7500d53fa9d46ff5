/** Where the service sits: whoever calls it finds the one that runs now, or none. */
import { runToEnd, type ServiceProcess, startProcess } from '../endToEnd/serviceProcess.ts'
import { namePrefix, phonePrefix } from '../endToEnd/writers.ts'

/** Told of everything that is not as it must be. */
export type Wrong = (sentence: string) => void

const personal = [namePrefix, phonePrefix, encodeURIComponent(namePrefix)]

export const createSeat = (dataDir: string, controlFile: string, wrong: Wrong) => {
  let service: ServiceProcess | undefined
  let logBytes = 0
  /** Seconds until it was ready, and those of the processor. */
  let longest = { seconds: 0, cpuSeconds: 0 }

  /** What a program of ours has written must name nobody. */
  const search = (what: string, output: string): void => {
    logBytes += output.length
    if (personal.some((text) => output.includes(text))) wrong(`${what} names a customer`)
  }

  const variables = { SOAK_CONTROL: controlFile, LOG_LEVEL: 'debug', WEBHOOK_ALLOW: '127.0.0.0/8' }
  const start = async (): Promise<ServiceProcess> => {
    const began = performance.now()
    const started = await startProcess(dataDir, variables, 'test/soak/service.ts')
    service = started
    await started.ready()
    const seconds = (performance.now() - began) / 1_000
    if (seconds > longest.seconds) longest = { seconds, cpuSeconds: started.cpuSeconds() }
    return started
  }

  const end = async (signal: 'SIGKILL' | 'SIGTERM'): Promise<void> => {
    if (service === undefined) return
    const ended = await service.kill(signal)
    service = undefined
    search('the log of the service', ended.output)
    if (signal === 'SIGTERM' && ended.code !== 0)
      wrong(`told to stop, the service ended with ${ended.code ?? ended.signal}`)
  }

  return {
    dataDir,
    /** The service that runs now. */
    now: (): ServiceProcess | undefined => service,
    start,
    end,
    /** Runs another program on the folder to its end. */
    run: async (script: string) => {
      const ended = await runToEnd(script, { DATA_DIR: dataDir, PORT: '0', METRICS_PORT: '0' })
      search(script, ended.output)
      return ended
    },
    logBytes: (): number => logBytes,
    /** The start that took longest until it was ready. */
    longestStart: () => longest,
  }
}
export type Seat = ReturnType<typeof createSeat>
