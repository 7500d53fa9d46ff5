/** Node as a test environment that fails a test file which leaves servers or processes running: they keep jest from ending. */
import { setTimeout as wait } from 'node:timers/promises'
import { TestEnvironment } from 'jest-environment-node'

const leftovers = () =>
  process.getActiveResourcesInfo().filter((kind) => ['TCPServerWrap', 'ProcessWrap', 'Worker'].includes(kind))

/** How long what is being closed may take, milliseconds. */
const graceMs = 5_000

export default class extends TestEnvironment {
  async setup() {
    await super.setup()
    this.before = leftovers().length
  }

  async teardown() {
    await super.teardown()
    const end = Date.now() + graceMs
    while (leftovers().length > this.before && Date.now() < end) await wait(20)
    const left = leftovers()
    if (left.length > this.before) throw new Error(`The test file leaves running: ${left.join(', ')}`)
  }
}
