/** What a measurement inside the server is given. */
import type { EventStore } from '../../domain/eventStore.ts'
import type { KpiQueries } from '../../projections/kpi/query.ts'
import type { Dataset } from './dataset/dataset.ts'

/** Milliseconds of the processor, and the most of them in one go, while nobody else was served. */
export type Cost = { cpuMs: number; longestMs: number }

export type Inside = {
  dataset: Dataset
  kpi: KpiQueries
  store: EventStore
  /** The JSON at a path, as somebody's token gets it. @throws Error where the status is not 200 */
  get<T>(path: string, token?: string): Promise<T>
  /** Median milliseconds of these requests, after the first of them, which warm up. */
  time(paths: readonly string[], token?: string): Promise<number>
  /** What one request costs; with a body it is a POST. @throws Error where the status is not 200 */
  cost(path: string, body?: object): Promise<Cost>
  /** The same of a queue's page, and the view's query in it alone. */
  timePage(paths: readonly string[], token?: string): Promise<{ wholeMs: number; queryMs: number }>
}
