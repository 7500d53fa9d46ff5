/** Fails a test file that leaves servers or processes running: they keep jest from ending. */
import { ChildProcess } from 'node:child_process'
import { setTimeout as wait } from 'node:timers/promises'

const leftovers = () =>
  process.getActiveResourcesInfo().filter((kind) => ['TCPServerWrap', 'ProcessWrap', 'Worker'].includes(kind))

/** The processes among them; how each was started says which test forgot it. */
const processes = () => process._getActiveHandles().filter((handle) => handle instanceof ChildProcess)

/** How long what is being closed may take on a busy machine, milliseconds. */
const graceMs = 20_000

const realConsole = console

export default class {
  /** What jest sets and reads for a test file; everything else of Node is the test file's as it is (see runner.js). */
  global = {
    set console(value) {
      globalThis.console = value
    },
    get __coverage__() {
      return globalThis.__coverage__
    },
  }
  /** Nothing is mocked. */
  moduleMocker = { restoreAllMocks: () => undefined }

  getVmContext() {
    return null
  }

  async setup() {
    this.before = leftovers().length
    this.processesBefore = new Set(processes())
  }

  async teardown() {
    globalThis.console = realConsole
    const end = Date.now() + graceMs
    while (leftovers().length > this.before && Date.now() < end) await wait(20)
    const left = leftovers()
    if (left.length <= this.before) return
    const forgotten = processes().filter((each) => !this.processesBefore.has(each))
    // the next test files have this process and the machine to themselves
    for (const each of forgotten) each.kill('SIGKILL')
    const started = forgotten.map(({ pid, spawnargs }) => `\n${pid}: ${spawnargs.join(' ').slice(0, 300)}`)
    throw new Error(`The test file leaves running: ${left.join(', ')}${started.join('')}`)
  }
}
