/** The service that listens: one process over one data folder. */
import type { AddressInfo } from 'node:net'
import { buildApp } from '../api/http/app.ts'
import type { App, Deps } from '../api/http/deps.ts'
import type { Config } from './config.ts'
import { type Options, openCore } from './core.ts'
import { listenForMetrics } from './metricsServer.ts'

/** How often dues are looked for. */
const duesEveryMs = 1_000

export type Service = { app: App; deps: Deps; url: string; ready: Promise<void>; close(): Promise<void> }

/** Runs the service: listens at once, is ready when the views are. @throws as `openCore`, or where a port is taken. */
export const startService = async (config: Config, options: Options): Promise<Service> => {
  const core = await openCore(config, options)
  const app = buildApp(core.deps)
  core.dues.start(duesEveryMs)
  core.webhooks.start()
  void core.identityKeys?.refresh()
  try {
    await app.listen({ host: config.host, port: config.port })
    const metricsServer = await listenForMetrics(core.deps.metrics, config)
    const { address, port, family } = app.server.address() as AddressInfo
    return {
      app,
      deps: core.deps,
      url: `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`,
      ready: core.ready,
      close: async () => {
        core.drain()
        await app.close()
        metricsServer?.close()
        metricsServer?.closeAllConnections()
        await core.close()
      },
    }
  } catch (error) {
    await app.close()
    await core.close()
    throw error
  }
}
