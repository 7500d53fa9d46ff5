/** The page for Prometheus on a port of its own. */
import { createServer, type Server } from 'node:http'
import { type Metrics, metricsHandler } from '../api/http/metrics.ts'
import type { Config } from './config.ts'

/** Scrapers are few; connections beyond these are closed at once. */
const maxConnections = 100

/** Listens where a port is set. @throws where the port is taken. */
export const listenForMetrics = async (
  metrics: Metrics,
  { metricsPort, host }: Config,
): Promise<Server | null> => {
  if (metricsPort === null) return null
  const server = createServer(metricsHandler(metrics))
  server.maxConnections = maxConnections
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(metricsPort, host, resolve)
  })
  return server
}
