/** Brings the demo's network and quarter into a service. */
import type { ImportResult } from '../../api/commands/imports/run.ts'
import type { Quarter } from '../../domain/instant.ts'
import { admin, type Client } from './client.ts'
import { asNdjson, type HistoryLine } from './history.ts'
import type { Network } from './network.ts'

/** Enters regions, dealers, and the cars they handed over in these quarters. */
export const enterNetwork = async (
  client: Client,
  { rbos, dealers }: Network,
  quarters: readonly Quarter[],
): Promise<void> => {
  for (const { code, name, calendar } of rbos)
    await client.call(admin, 'PUT', `/v1/rbos/${code}`, { name, calendar })
  for (const { code, name, rbo, calendar, deliveries } of dealers) {
    await client.call(admin, 'PUT', `/v1/dealers/${code}`, { name, rbo: rbo.code, calendar })
    for (const quarter of quarters)
      await client.call(admin, 'PUT', `/v1/dealers/${code}/deliveries/${quarter}`, { count: deliveries })
  }
}

/** Lines of one import. */
const linesAtATime = 1_000

const send = async (client: Client, part: readonly HistoryLine[]): Promise<void> => {
  const result = await client.call<ImportResult>(admin, 'POST', '/v1/imports', [...asNdjson(part)].join(''))
  const [first] = result.rejected
  if (first === undefined) return
  const line = part[first.line - 1]
  throw new Error(
    `The import refused ${result.rejectedCount} of ${result.lines} lines, the first with ${first.code}: ${first.detail}\n${JSON.stringify(line)}`,
  )
}

/** Replays a history through `POST /v1/imports`, part by part. @throws Error where a line was refused */
export const replay = async (
  client: Client,
  lines: readonly HistoryLine[],
  onProgress: (lines: number) => void,
): Promise<void> => {
  for (let from = 0; from < lines.length; from += linesAtATime) {
    const part = lines.slice(from, from + linesAtATime)
    await send(client, part)
    onProgress(from + part.length)
  }
}
