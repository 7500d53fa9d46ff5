import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** An empty folder for one test, and what clears it away. */
export const temporaryFolder = async (): Promise<{ dir: string; remove: () => Promise<void> }> => {
  const dir = await mkdtemp(join(tmpdir(), 'complaint-tickets-'))
  return { dir, remove: () => rm(dir, { recursive: true, force: true }) }
}
