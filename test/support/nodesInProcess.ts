/** Two nodes of the service in this process, each with a data folder of its own, over one log. */
import { randomBytes } from 'node:crypto'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onItsOwn } from './eventStoreDb.ts'
import { enterNetwork } from './network.ts'
import { at } from './scenario.ts'
import { startTestService, type TestService } from './service.ts'

/** With the network in the log, at 2026-03-02 10:00. `eventStore`: as the variable has it. `variables`: of the environment. */
export const startNodesAt = async (
  address: string,
  variables: Record<string, string> = {},
): Promise<{ nodes: [TestService, TestService]; folders: string[]; eventStore: string }> => {
  const eventStore = onItsOwn(address)
  const key = randomBytes(32).toString('base64')
  const folders = ['a', 'b'].map(() => mkdtempSync(join(tmpdir(), 'node-')))
  for (const folder of folders) writeFileSync(join(folder, 'master.key'), key, { mode: 0o600 })
  const start = (dataDir: string) =>
    startTestService({ now: at('2026-03-02 10:00'), dataDir, eventStore, variables })
  const [a, b] = [await start(folders[0] as string), await start(folders[1] as string)]
  await enterNetwork(a)
  const head = await a.deps.store.head()
  if (head !== null) await b.deps.views.reached(head, 5_000)
  return { nodes: [a, b], folders, eventStore }
}
